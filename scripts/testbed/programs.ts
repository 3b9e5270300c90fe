import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Part, Program } from './part.ts';

/** Debian keeps some of the programs where only root's PATH leads. */
const alsoIn = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Programs of the system that parts need and this machine does not have. */
export async function missingPrograms(parts: readonly Part[]): Promise<Program[]> {
  const missing: Program[] = [];
  for (const program of parts.flatMap((part) => part.programs ?? [])) {
    const known = missing.some((other) => other.program === program.program);
    if (!known && !(await isInstalled(program.program))) missing.push(program);
  }
  return missing;
}

async function isInstalled(program: string): Promise<boolean> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...alsoIn];
  const places = isAbsolute(program) ? [program] : folders.map((folder) => join(folder, program));
  for (const place of places) {
    const found = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}
