import type { HadolintFile } from './hadolint-file.ts';
import { textOfFile } from './peer-file.ts';

const names = ['.hadolint.yaml', '.hadolint.yml'];

/** The file in a folder; undefined where there is none. Those of the home folder are not read: they are nobody's release. */
export async function readHadolintFile(folder: string): Promise<HadolintFile | undefined> {
  for (const file of names) {
    const text = await textOfFile(folder, file);
    if (text === undefined) continue;
    const { understood, unread } = await import('./hadolint-file.ts');
    return typeof text === 'string' ? understood(text, file) : { ...unread(file), problem: text };
  }
  return undefined;
}
