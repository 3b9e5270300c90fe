import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { buildRelease } from '../examples/shop/image/build.ts';
import { releaseNames } from '../examples/shop/image/recipe.ts';
import { withFileLock } from '../scripts/testbed/lock.ts';
import { run } from '../scripts/testbed/sandbox.ts';
import { packageFile } from '../src/core/package-root.ts';

const patienceSeconds = 300;
const shop = packageFile('examples/shop');
const inputsFile = join(shop, 'build/inputs.sha256');

/** What the end-to-end tests run: the built binary, and the example's images, built when outdated. */
export async function setup(): Promise<void> {
  if (!existsSync(packageFile('dist/main.js'))) {
    throw new Error('dist is not built; run `npm run build`, or `npm test`, which does');
  }
  // Of two runs in one folder, the second must not rebuild what the first is reading.
  await withFileLock(join(shop, 'build/lock'), patienceSeconds, async () => {
    const inputs = await digestOfInputs();
    if ((await readFile(inputsFile, 'utf8').catch(() => '')) === inputs) return;
    for (const release of releaseNames) await buildRelease(release);
    await writeFile(inputsFile, inputs);
  });
}

/** Everything an image is made of: the example's files, the commit it names, and this Node.js. */
async function digestOfInputs(): Promise<string> {
  const commit = await run('git', ['-C', shop, 'rev-parse', 'HEAD']).catch(() => 'none');
  const hash = createHash('sha256').update(`${process.version} ${process.execPath} ${commit}`);
  const entries = await readdir(shop, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/^build\/|\.deploycheck\//.test(relative(shop, file)))
    .sort();
  for (const file of files) hash.update(relative(shop, file)).update(await readFile(file));
  return hash.digest('hex');
}
