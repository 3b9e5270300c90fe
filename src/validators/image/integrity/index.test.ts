import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { imageOf } from '../testing.ts';
import { check } from './index.ts';

it('names every damaged layer', async () => {
  const image = await imageOf({}, [[{ path: 'a' }], [{ path: 'b' }]], { cut: true });
  const { findings } = await examine(check, image);
  expect(findings.map(({ messageId, location }) => [messageId, location.layer])).toEqual(
    image.layers.map(({ digest }) => ['blob-truncated', digest]),
  );
});

it.each([
  ['missing', 'blob-missing'],
  ['digest', 'digest-mismatch'],
  ['diff-id', 'diff-id-mismatch'],
  ['codec', 'not-decodable'],
  ['tar', 'not-decodable'],
  ['too-large', 'over-bounds'],
  ['malformed', 'malformed'],
] as const)('says of the damage %s: %s', async (kind, messageId) => {
  const image = await imageOf({});
  const damage = [{ blob: 'sha256:1', part: 'config', kind, message: 'reason' }] as const;
  const { findings } = await examine(check, { ...image, damage });
  expect(findings).toMatchObject([
    { messageId, severity: 'error', location: { path: 'sha256:1' } },
  ]);
});

it('reports names that lead out of the root', async () => {
  const image = await imageOf({}, [[{ path: '../../etc/passwd' }, { path: '../x' }]]);
  const { findings } = await examine(check, image);
  expect(findings.map(({ message }) => message)).toEqual([
    '2 names in the layer lead out of the root of the image, such as ../../etc/passwd',
  ]);
});
