import { join } from 'node:path';
import { messageOf, systemCode } from '../../../core/fault.ts';
import { readSmall } from '../../../core/read-small.ts';
import type { HadolintFile } from './hadolint-file.ts';

const names = ['.hadolint.yaml', '.hadolint.yml'];

/** The file in a folder; undefined where there is none. Those of the home folder are not read: they are nobody's release. */
export async function readHadolintFile(folder: string): Promise<HadolintFile | undefined> {
  for (const file of names) {
    const text = await readText(join(folder, file));
    if (typeof text === 'string') {
      const { understood } = await import('./hadolint-file.ts');
      return understood(text, file);
    }
    if (text) {
      const { unread } = await import('./hadolint-file.ts');
      return { ...unread(file), problem: { text: text.problem, location: { file } } };
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
