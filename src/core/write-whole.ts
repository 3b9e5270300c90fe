import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { writeFault } from './fault.ts';

/**
 * Writes beside the name and renames, so that no reader sees half a file.
 * @throws Fault `output-unwritable`
 */
export async function writeWhole(
  file: string,
  content: string | Uint8Array,
  { mode }: { readonly mode?: number } = {},
): Promise<void> {
  const partial = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(partial, content);
    // The mode that a new file is given is cut by the umask.
    if (mode !== undefined) await chmod(partial, mode);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw writeFault('output-unwritable', file, error);
  }
}
