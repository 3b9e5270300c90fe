import { expect, it } from 'vitest';
import type { ObjectVersion } from '../../adapters/objects/objects.ts';
import { byKey, ordered } from './version-order.ts';

/** `M1.5` is a delete marker of the second 1.5, `V2` a version of the second 2; `!` is the latest. */
function version(text: string, key = 'k'): ObjectVersion {
  const [, kind, seconds, latest, parts] = /^([MV])([\d.]+)(!?)(-?)$/.exec(text) ?? [];
  const isDeleteMarker = kind === 'M';
  return {
    ...{ key, size: 0, versionId: text, isDeleteMarker, isLatest: latest === '!' },
    etag: parts ? 'etag-2' : 'etag',
    lastModified: new Date(Number(seconds) * 1000),
  };
}

const order = (...texts: string[]) => {
  const { versions, order } = ordered(texts.map((text) => version(text)));
  return `${versions.map(({ versionId }) => versionId).join(' ')}: ${order}`;
};

it('is that of the listing, where markers and versions are mixed or of one kind', () => {
  expect(order('V3!', 'M2', 'V1')).toBe('V1 M2 V3!: mixed');
  // An object in parts has the time of its beginning.
  expect(order('V1!-', 'M2', 'V1')).toBe('V1 M2 V1!-: mixed');
  expect(order('V3!', 'V5', 'V1')).toBe('V1 V5 V3!: told');
  expect(order('M1!')).toBe('M1!: told');
});

it('is that of the times, where a server lists all markers first', () => {
  expect(order('M2!', 'V1')).toBe('V1 M2!: told');
  expect(order('M4', 'M2', 'V5!', 'V3', 'V1')).toBe('V1 M2 V3 M4 V5!: told');
  expect(order('V5!', 'V1', 'M3.25', 'M3.125')).toBe('V1 M3.125 M3.25 V5!: told');
  expect(order('M1.25!', 'V1.125')).toBe('V1.125 M1.25!: told');
  expect(order('M9.5', 'V1!')).toBe('M9.5 V1!: told');
});

it('is doubtful where neither says', () => {
  expect(order('M1.9', 'V1', 'V1')).toBe('V1 V1 M1.9: as-listed');
  expect(order('M1.5', 'V2!', 'V1')).toBe('V1 M1.5 V2!: unknown');
  expect(order('V3', 'V2', 'V1!')).toBe('V2 V3 V1!: unknown');
  expect(order('M2', 'V3-', 'V1')).toBe('V1 M2 V3-: unknown');
});

it('is told key by key, and not for more than memory holds', async () => {
  const listed = async function* (versions: Iterable<ObjectVersion>) {
    yield* versions;
  };
  const keys: string[] = [];
  const several = [version('V2', 'a'), version('V1', 'a'), version('V1', 'b')];
  for await (const { key, versions } of byKey(listed(several))) keys.push(key + versions.length);
  expect(keys).toEqual(['a2', 'b1']);
  const one = version('V1');
  const endless = function* () {
    for (;;) yield one;
  };
  await expect(byKey(listed(endless())).next()).rejects.toMatchObject({
    code: 'objects-failed',
    message: expect.stringContaining('the key "k": it has more than 200000 versions'),
  });
});
