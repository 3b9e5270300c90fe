import { existsSync } from 'node:fs';
import { buildRelease } from '../examples/shop/image/build.ts';
import { releaseNames } from '../examples/shop/image/recipe.ts';
import { packageFile } from '../src/core/package-root.ts';

/** What the end-to-end tests run: the built binary, and the example's images, built when absent. */
export async function setup(): Promise<void> {
  if (!existsSync(packageFile('dist/main.js'))) {
    throw new Error('dist is not built; run `npm run build`, or `npm test`, which does');
  }
  for (const release of releaseNames) await buildRelease(release);
}
