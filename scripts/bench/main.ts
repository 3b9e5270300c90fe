import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRelease } from '../../examples/shop/image/build.ts';
import { packageFile } from '../../src/core/package-root.ts';
import { setup } from '../../test/global-systems.ts';
import { ofBackups } from './backups.ts';
import { ofCluster } from './cluster.ts';
import { ofProcess } from './process.ts';
import { page } from './row.ts';

/**
 * Benchmarks as ratios, each measured in this run against a peer or a physical limit, on the systems
 * of the test bed. Writes docs/benchmarks.md; prints what it writes.
 */
const home = await mkdtemp(join(tmpdir(), 'deploycheck-bench-'));
await using stack = new AsyncDisposableStack();
stack.defer(() => rm(home, { recursive: true }));
if (!existsSync(packageFile('examples/shop/build/v2/image'))) await buildRelease('v2');
// Before anything else runs on the machine.
const alone = ofProcess(home);
stack.defer(await setup());
const rows = [...alone, ...(await ofBackups(home)), ...(await ofCluster(home))];
const text = page(rows);
await writeFile(packageFile('docs/benchmarks.md'), text);
process.stdout.write(text);
