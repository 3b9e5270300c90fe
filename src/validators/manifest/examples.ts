import type { Example } from '../../core/check.ts';
import { type ManifestSet, manifestSetOf } from './load.ts';

/** The set that an example of the language `yaml` stands for, as one file. */
export async function targetOfExample(example: Example): Promise<ManifestSet> {
  return manifestSetOf([{ path: 'example.yaml', bytes: new TextEncoder().encode(example.text) }]);
}
