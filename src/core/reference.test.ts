import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from './fault.ts';
import {
  formatReference,
  type ImageReference,
  isReferenceProblem,
  parseReference,
  readReference,
} from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}` as const;

describe('a reference', () => {
  it.each<[string, ImageReference]>([
    ['nginx', { registry: 'docker.io', repository: 'library/nginx' }],
    ['acme/web:1.2', { registry: 'docker.io', repository: 'acme/web', tag: '1.2' }],
    ['index.docker.io/nginx', { registry: 'docker.io', repository: 'library/nginx' }],
    ['docker.io/a/b', { registry: 'docker.io', repository: 'a/b' }],
    ['localhost/web', { registry: 'localhost', repository: 'web' }],
    ['web:5000', { registry: 'docker.io', repository: 'library/web', tag: '5000' }],
    ['host:5000/web', { registry: 'host:5000', repository: 'web' }],
    ['[::1]:5000/a/b:c', { registry: '[::1]:5000', repository: 'a/b', tag: 'c' }],
    [`ghcr.io/a/b@${digest}`, { registry: 'ghcr.io', repository: 'a/b', digest }],
    [`r.io/b:1@${digest}`, { registry: 'r.io', repository: 'b', tag: '1', digest }],
    ['r.io/a__b/c--d.e', { registry: 'r.io', repository: 'a__b/c--d.e' }],
  ])('%s', (text, expected) => {
    expect(parseReference(text)).toEqual(expected);
  });

  it.each([
    ['', 1],
    ['Web', 1],
    ['acme/Web', 6],
    ['acme/web:', 10],
    ['acme/web:-1', 10],
    [`acme/web:${'x'.repeat(129)}`, 138],
    ['a___b', 2],
    ['a//b', 3],
    ['host:port/web', 5],
    ['-a.io/web', 1],
    ['../../etc/passwd', 1],
    ['http://r.io/web', 5],
    ['r.io/web@sha256:12', 10],
    ['r.io/web@md5:1', 10],
    ['a'.repeat(64), 1],
    [`r.io/${'a/'.repeat(130)}a`, 256],
    ['web\n', 4],
  ])('%j fails at character %i', (text, position) => {
    expect(readReference(text)).toMatchObject({ position });
  });

  it('says which character is wrong, in one line', () => {
    const fault = catching(() => parseReference('acme/we b'));
    expect(fault).toMatchObject({
      code: 'reference-invalid',
      message: expect.stringMatching(/^"acme\/we b", character 8: a name has/),
    });
    expect(catching(() => parseReference('a\nb'))?.message).not.toContain('\n');
  });
});

function catching(act: () => unknown): Fault | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:\.|__?|-{1,3})[a-z0-9]{1,4}){0,2}$/);
const references = fc
  .record({
    registry: fc.oneof(
      fc.constant('docker.io'),
      fc.constant('localhost'),
      fc.stringMatching(/^[a-z0-9]{1,6}\.[a-zA-Z0-9]{1,6}(?::[0-9]{1,5})?$/),
      fc.constant('[fd00::1]:443'),
    ),
    path: fc.array(part, { minLength: 2, maxLength: 4 }),
    tag: fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/), { nil: undefined }),
    digest: fc.option(fc.constant(digest), { nil: undefined }),
  })
  .map(
    ({ registry, path, tag, digest }): ImageReference => ({
      registry,
      repository: path.join('/'),
      ...(tag !== undefined && { tag }),
      ...(digest !== undefined && { digest }),
    }),
  );

it('written out reads back as the same', () => {
  fc.assert(
    fc.property(references, (reference) => {
      expect(parseReference(formatReference(reference))).toEqual(reference);
    }),
  );
});

it('any text is read or refused at a character it has, and what is read stays the same', () => {
  const texts = fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z0-9./:@_-]{0,40}$/));
  fc.assert(
    fc.property(texts, (text) => {
      const read = readReference(text);
      if (isReferenceProblem(read)) {
        expect(read.position).toBeGreaterThanOrEqual(1);
        expect(read.position).toBeLessThanOrEqual(text.length + 1);
      } else {
        expect(readReference(formatReference(read))).toEqual(read);
      }
    }),
    { numRuns: 1000 },
  );
});
