import { describe, expect, it } from 'vitest';
import { createRedactor, redactDeep, redactionMark } from './redact.ts';

describe('redactor', () => {
  const redact = createRedactor();
  redact.learn((text) => text.replace(/\bglpat-[\w-]{20}\b/g, redactionMark));

  it.each([
    ['postgres://shop:hunter2hunter2@db:5432/shop', 'hunter2hunter2'],
    ['Authorization: Bearer abcdef.ghijkl', 'abcdef.ghijkl'],
    ["psql failed: password='s3cr3t-value' host=db", 's3cr3t-value'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', 'MIIE'],
    ['token glpat-abcdefghij0123456789 seen', 'glpat-abcdefghij0123456789'],
  ])('%s', (text, secret) => {
    expect(redact(text)).not.toContain(secret);
    expect(redact(text)).toContain(redactionMark);
  });

  it('keeps what is no secret', () => {
    const text = 'pulled https://example.com/a@b and user@example.com in 3 s';
    expect(redact(text)).toBe(text);
  });

  it('replaces values met at run time everywhere', () => {
    const own = createRedactor();
    own.register('correct horse');
    expect(redactDeep({ a: ['x correct horse y'] }, own)).toEqual({ a: [`x ${redactionMark} y`] });
  });

  it('does not register values so short that they are ordinary text', () => {
    const own = createRedactor();
    own.register('app');
    expect(own('application')).toBe('application');
  });

  it('stays linear on hostile text', () => {
    const began = performance.now();
    redact(`password=${'a'.repeat(200_000)}${'://'.repeat(100_000)}`);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
