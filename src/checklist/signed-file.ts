import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Stores a signed statement as `<name>.json` with `<name>.json.sig` beside it. The statement appears
 * last and in one rename, so that no reader sees one without its signature.
 * @returns path of the statement
 */
export async function storeSigned(
  folder: string,
  name: string,
  message: string,
  signature: string,
): Promise<string> {
  const file = join(folder, `${name}.json`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(`${file}.sig`, signature, { flag: 'wx' });
    await writeFile(`${file}.tmp`, message, { flag: 'wx' });
    await rename(`${file}.tmp`, file);
    return file;
  } catch (error) {
    await Promise.all([`${file}.sig`, `${file}.tmp`].map((path) => rm(path, { force: true })));
    throw error;
  }
}
