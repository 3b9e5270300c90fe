import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whether this process runs the TypeScript sources rather than the published bundle. */
const runsFromSource = import.meta.url.endsWith('.ts');

/**
 * Absolute path of a file that ships with deploycheck, wherever the bundler put the caller: found
 * from the nearest folder above this module whose package.json is deploycheck's.
 */
export function packageFile(relative: string): string {
  return join(packageRoot(), relative);
}

/**
 * The module of a worker thread.
 * @param name of its file, without the ending
 * @param beside URL of the module in whose folder it lies
 */
export const workerModule = (name: string, beside: string): URL | string =>
  runsFromSource ? new URL(`./${name}.ts`, beside) : packageFile(`dist/workers/${name}.js`);

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (nameIn(folder) === 'deploycheck') return folder;
    const parent = dirname(folder);
    if (parent === folder) throw new Error('package.json of deploycheck was not found');
    folder = parent;
  }
}

function nameIn(folder: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (parsed === null || typeof parsed !== 'object' || !('name' in parsed)) return undefined;
    return typeof parsed.name === 'string' ? parsed.name : undefined;
  } catch {
    return undefined;
  }
}
