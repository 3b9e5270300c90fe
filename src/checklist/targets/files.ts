import { loadFiles } from '../../validators/secret/load.ts';
import type { Loader } from './context.ts';
import { settle } from './loaded.ts';

/** What lies beside the configuration. */
export const loadFileSet: Loader = async ({ config: { file, root }, signal }) =>
  file === null ? [] : [await settle('fileSet', '.', loadFiles({ paths: ['.'], root, signal }))];
