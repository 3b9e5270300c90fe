import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { buildRelease } from '../../examples/shop/image/build.ts';
import { packageFile } from '../../src/core/package-root.ts';
import { setup } from '../../test/global-systems.ts';
import { ofBackups } from './backups.ts';
import { ofBuckets } from './buckets.ts';
import { ofCluster } from './cluster.ts';
import { ofDockerfiles } from './dockerfiles.ts';
import { ofImages } from './images.ts';
import { ofManifests } from './manifests.ts';
import { ofMemory } from './memory.ts';
import { ofProcess } from './process.ts';
import { type Measured, machine, page } from './row.ts';
import { ofSecrets } from './secrets.ts';

/**
 * Benchmarks as ratios, each measured against a peer or a physical limit in the same run, on the systems
 * of the test bed. Writes docs/benchmarks.json and the page made of it; `--only PART` measures one anew.
 */
const measures = {
  // Before anything else runs on the machine.
  process: async (home: string) => ofProcess(home),
  manifests: ofManifests,
  images: ofImages,
  secrets: ofSecrets,
  dockerfiles: ofDockerfiles,
  databases: ofBackups,
  buckets: ofBuckets,
  cluster: ofCluster,
  memory: ofMemory,
} as const;

const withoutBed: ReadonlySet<string> = new Set([
  'process',
  'manifests',
  'images',
  'secrets',
  'dockerfiles',
]);

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const chosen = Object.entries(measures).filter(([name]) => only === undefined || name === only);
if (chosen.length === 0) {
  throw new Error(`--only ${only}: there are ${Object.keys(measures).join(', ')}`);
}
const home = await mkdtemp(join(tmpdir(), 'deploycheck-bench-'));
await using stack = new AsyncDisposableStack();
stack.defer(() => rm(home, { recursive: true }));
if (!existsSync(packageFile('examples/shop/build/v2/image'))) await buildRelease('v2');
const { stdout: commit } = await execa('git', ['rev-parse', '--short=12', 'HEAD']);
const kept = packageFile('docs/benchmarks.json');
const before: Readonly<Record<string, Measured>> = existsSync(kept)
  ? JSON.parse(await readFile(kept, 'utf8'))
  : {};
const fresh: Record<string, Measured> = {};
let isUp = false;
for (const [name, measure] of chosen) {
  if (!withoutBed.has(name) && !isUp) {
    stack.defer(await setup());
    isUp = true;
  }
  const at = new Date().toISOString();
  fresh[name] = { at, commit, machine: machine(), rows: await measure(home) };
}
const all = Object.fromEntries(
  Object.keys(measures).flatMap((name) => {
    const measured = fresh[name] ?? before[name];
    return measured ? [[name, measured]] : [];
  }),
);
await writeFile(kept, `${JSON.stringify(all, null, 2)}\n`);
await writeFile(packageFile('docs/benchmarks.md'), page(all));
process.stdout.write(page(fresh));
