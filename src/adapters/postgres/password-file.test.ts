import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPassword, passwordLine } from './password-file.ts';

const request = { host: 'db.example', port: 5432, database: 'shop', user: 'ann' };

describe('a password file', () => {
  it.each([
    ['db.example:5432:shop:ann:one', 'one'],
    ['*:*:*:*:any', 'any'],
    ['#*:*:*:*:comment\n*:*:*:ann:two', 'two'],
    ['db.example:5432:shop:bob:no\r\n*:*:shop:*:three\r\n*:*:*:*:four', 'three'],
    ['*:*:*:*:with\\:colon\\\\', 'with:colon\\'],
    ['*:*:*:*:ends at:a colon', 'ends at'],
    ['db\\.example:5432:sh\\op:ann:escaped', 'escaped'],
    ['*:*:*:*: spaces kept ', ' spaces kept '],
    ['*:*:*:*:\n*:*:*:*:never read', undefined],
    ['db.example:5432:shop', undefined],
    ['db.example:5433:shop:ann:port', undefined],
    ['', undefined],
  ])('%j', (text, password) => {
    expect(findPassword(text, request)).toBe(password);
  });

  it('calls the default folders of sockets localhost, and others by their path', () => {
    const file = 'localhost:*:*:*:default\n/run/own:*:*:*:own';
    expect(findPassword(file, { ...request, host: '/var/run/postgresql' })).toBe('default');
    expect(findPassword(file, { ...request, host: '/run/own' })).toBe('own');
  });

  it('gives back whatever was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (password) => {
        const line = passwordLine(password);
        if (line === undefined) expect(password).toMatch(/[\r\n\0]/);
        else expect(findPassword(`# first\n${line}`, request)).toBe(password);
      }),
    );
  });
});
