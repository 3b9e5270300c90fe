import type { Example } from '../../core/check.ts';
import { type ManifestSet, manifestSetOf } from './load.ts';
import { allReferences } from './references/all.ts';
import { presenceWithin } from './references/presence.ts';

/** The set that an example of the language `yaml` stands for, as one file. */
export async function targetOfExample({ text, beside = {} }: Example): Promise<ManifestSet> {
  const set = manifestSetOf([{ path: 'example.yaml', bytes: new TextEncoder().encode(text) }]);
  const { external, emptyCluster } = beside;
  const declared: ManifestSet = {
    ...set,
    ...(external && { external: external.map((entry) => ({ text: entry })) }),
  };
  return emptyCluster ? { ...declared, live: emptyAnswers(declared) } : declared;
}

/** What a cluster that has nothing says about all that a set refers to and does not hold. */
export function emptyAnswers(set: ManifestSet): NonNullable<ManifestSet['live']> {
  return allReferences(set)
    .filter((reference) => presenceWithin(set, reference) === undefined)
    .map((wanted) => ({ wanted, presence: { state: 'absent', place: 'the cluster' } }));
}
