import type { Example } from '../../core/check.ts';
import { targetOfExample as manifestSetOfExample } from '../manifest/examples.ts';
import type { ManifestSet } from '../manifest/load.ts';
import { type FileSet, fileSetOfText } from './load.ts';

/** The target an example of this family stands for, made without touching the disk. */
export async function targetOfExample(example: Example): Promise<FileSet | ManifestSet> {
  return example.language === 'yaml'
    ? manifestSetOfExample(example)
    : fileSetOfText('example.txt', example.text);
}
