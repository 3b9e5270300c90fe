import { join } from 'node:path';
import { messageOf, systemCode } from '../../../core/fault.ts';
import type { Location } from '../../../core/finding.ts';
import { readSmall } from '../../../core/read-small.ts';

/** Why a file of another tool, or part of it, has no effect. */
export interface FileProblem {
  readonly text: string;
  readonly location: Location;
}

/** What people write for another tool by hand stays far below this. */
const maxBytes = 1024 * 1024;

/** The text of a file in a folder, or why it cannot be had; undefined where there is none. */
export async function textOfFile(
  folder: string,
  file: string,
): Promise<string | FileProblem | undefined> {
  try {
    return (await readSmall(join(folder, file), maxBytes)).toString('utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    return { text: messageOf(error), location: { file } };
  }
}
