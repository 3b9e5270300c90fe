import { join } from 'node:path';
import { messageOf, systemCode } from '../../../core/fault.ts';
import { readSmall } from '../../../core/read-small.ts';
import type { KubeLinterFile } from './kube-linter-file.ts';

/** In the order in which kube-linter looks for them in the folder it is called in. */
const names = ['.kube-linter.yaml', '.kube-linter.yml'];

/** The configuration of kube-linter in a folder, understood. */
export async function readKubeLinterFile(folder: string): Promise<KubeLinterFile | undefined> {
  for (const file of names) {
    const text = await readText(join(folder, file));
    if (typeof text === 'string') {
      const { understood } = await import('./kube-linter-file.ts');
      return understood(text, file, folder);
    }
    if (text) {
      const problem = { text: text.problem, location: { file } };
      return { file, suppressions: [], notes: [], enabled: [], problem };
    }
  }
  return undefined;
}

async function readText(path: string): Promise<string | { problem: string } | undefined> {
  try {
    return (await readSmall(path, 1024 * 1024)).toString('utf8');
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? undefined : { problem: messageOf(error) };
  }
}
