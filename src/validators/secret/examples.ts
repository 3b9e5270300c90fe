import type { Example } from '../../core/check.ts';
import { type ManifestSet, manifestSetOf } from '../manifest/load.ts';
import { type FileSet, fileSetOfText } from './load.ts';

/** The target an example of this family stands for, made without touching the disk. */
export function targetOfExample(example: Example): FileSet | ManifestSet {
  return example.language === 'yaml'
    ? manifestSetOf([{ path: 'example.yaml', bytes: Buffer.from(example.text) }])
    : fileSetOfText('example.txt', example.text);
}
