import { expect, it } from 'vitest';
import { compareSnapshots, type Snapshot, type SnapshotEntry } from './snapshot.ts';

const began = new Date('2026-11-21T15:00:00Z');
const entry = (name: string, digest: string, uid = name): SnapshotEntry => ({
  object: `ConfigMap/shop/${name}`,
  ...{ namespace: 'shop', uid, generation: null, digest },
});
const snapshot = (
  entries: readonly SnapshotEntry[],
  managers: Record<string, readonly (readonly [string, string])[]> = {},
): Snapshot => ({
  entries: new Map(entries.map((one) => [one.object, one])),
  managers: new Map(Object.entries(managers)),
  notListed: [],
});
const seen = (before: Snapshot, after: Snapshot) =>
  compareSnapshots(before, after, { began, fieldManager: 'deploycheck-0123abcd' }).map(
    ({ object, change, managers, ours }) => `${object} ${change} ${managers} ${ours}`,
  );

it('finds what was added, changed, removed and made anew', () => {
  const before = snapshot([
    entry('same', '1'),
    entry('changed', '1'),
    entry('gone', '1'),
    entry('anew', '1'),
  ]);
  const after = snapshot([
    entry('same', '1'),
    entry('changed', '2'),
    entry('new', '1'),
    entry('anew', '1', 'x'),
  ]);
  expect(seen(before, after)).toEqual([
    'ConfigMap/shop/anew added  false',
    'ConfigMap/shop/changed changed  false',
    'ConfigMap/shop/gone removed  false',
    'ConfigMap/shop/new added  false',
  ]);
});

it('names who wrote since the run began', () => {
  const name = 'ConfigMap/shop/a';
  const managers = {
    [name]: [
      ['kubectl', '2026-11-20T00:00:00Z'],
      ['helm', '2026-11-21T15:00:05Z'],
    ] as const,
  };
  expect(seen(snapshot([entry('a', '1')]), snapshot([entry('a', '2')], managers))).toEqual([
    `${name} changed helm false`,
  ]);
});

it('sees its own hand even where nothing differs', () => {
  const name = 'ConfigMap/shop/a';
  const managers = { [name]: [['deploycheck-0123abcd', '2026-11-21T15:00:05Z']] as const };
  expect(seen(snapshot([entry('a', '1')]), snapshot([entry('a', '1')], managers))).toEqual([
    `${name} changed deploycheck-0123abcd true`,
  ]);
});
