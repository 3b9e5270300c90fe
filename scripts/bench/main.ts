import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildRelease } from '../../examples/shop/image/build.ts';
import { packageFile } from '../../src/core/package-root.ts';
import { setup } from '../../test/global-systems.ts';
import { ofBackups } from './backups.ts';
import { ofBuckets } from './buckets.ts';
import { ofCluster } from './cluster.ts';
import { ofProcess } from './process.ts';
import { page, type Row } from './row.ts';

/**
 * Benchmarks as ratios, each measured in this run against a peer or a physical limit, on the systems
 * of the test bed. Writes docs/benchmarks.md; prints what it writes. `--only process|backups|buckets|
 * cluster` measures a part and writes nothing.
 */
const home = await mkdtemp(join(tmpdir(), 'deploycheck-bench-'));
await using stack = new AsyncDisposableStack();
stack.defer(() => rm(home, { recursive: true }));
if (!existsSync(packageFile('examples/shop/build/v2/image'))) await buildRelease('v2');
const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const parts = { process: ofProcess, backups: ofBackups, buckets: ofBuckets, cluster: ofCluster };
const rows: Row[] = [];
// First what has to be alone on the machine.
if (only === undefined || only === 'process') rows.push(...ofProcess(home));
stack.defer(await setup());
for (const [name, measure] of Object.entries(parts)) {
  if (name !== 'process' && (only === undefined || only === name))
    rows.push(...(await measure(home)));
}
const text = page(rows);
if (only === undefined) await writeFile(packageFile('docs/benchmarks.md'), text);
process.stdout.write(text);
