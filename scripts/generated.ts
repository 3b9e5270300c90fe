import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { packageFile } from '../src/core/package-root.ts';

export interface Generated {
  /** Relative to the package. */
  readonly file: string;
  readonly text: string;
}

/** Writes the files, or with `--check` names those that are stale and exits 1. */
export async function generate(files: readonly Generated[]): Promise<void> {
  const check = process.argv.includes('--check');
  const stale: string[] = [];
  for (const { file, text } of files) {
    const path = packageFile(file);
    const current = await readFile(path, 'utf8').catch(() => undefined);
    if (current === text) continue;
    stale.push(file);
    if (check) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  if (check && stale.length > 0) {
    process.stderr.write(`stale, run 'npm run generate':\n  ${stale.join('\n  ')}\n`);
    process.exitCode = 1;
  } else if (!check) {
    process.stdout.write(`${files.length} generated, ${stale.length} changed\n`);
  }
}
