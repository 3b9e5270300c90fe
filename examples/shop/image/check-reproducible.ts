import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRelease } from './build.ts';
import { releaseNames } from './recipe.ts';

/** The manifest digests of all releases, built into a folder of their own. */
async function digests(folder: string): Promise<readonly string[]> {
  const built = await Promise.all(
    releaseNames.map((release) => buildRelease(release, { outDir: folder })),
  );
  return built.map(({ release, digest }) => `${release} ${digest}`);
}

/** Builds everything twice and compares. */
const folder = await mkdtemp(join(tmpdir(), 'shop-'));
try {
  const first = await digests(join(folder, 'first'));
  const second = await digests(join(folder, 'second'));
  const different = first.filter((line) => !second.includes(line));
  for (const line of first) process.stdout.write(`${line}\n`);
  if (different.length > 0) {
    process.stderr.write(`different in a second build: ${different.join(', ')}\n`);
    process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true });
}
