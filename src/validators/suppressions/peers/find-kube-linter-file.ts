import type { KubeLinterFile } from './kube-linter-file.ts';
import { textOfFile } from './peer-file.ts';

/** In the order in which kube-linter looks for them in the folder it is called in. */
const names = ['.kube-linter.yaml', '.kube-linter.yml'];

/** The configuration of kube-linter in a folder, understood. */
export async function readKubeLinterFile(folder: string): Promise<KubeLinterFile | undefined> {
  for (const file of names) {
    const text = await textOfFile(folder, file);
    if (text === undefined) continue;
    const { understood, unread } = await import('./kube-linter-file.ts');
    return typeof text === 'string'
      ? understood(text, file, folder)
      : { ...unread(file), problem: text };
  }
  return undefined;
}
