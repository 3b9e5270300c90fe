import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildRelease } from '../examples/shop/image/build.ts';
import { exitMeaning } from '../src/core/exit.ts';
import { packageFile } from '../src/core/package-root.ts';

/**
 * Builds deploycheck and the example's image, runs the checklist on release v2, and says what came
 * of it. Ends 0 when it ran: the verdict of the example is deploycheck's own exit code, shown below.
 */
const release = packageFile('examples/shop/releases/v2');
const report = join(release, '.deploycheck', 'report.html');

say('building deploycheck');
run(process.execPath, [packageFile('scripts/build.ts')], packageFile('.'));

say('assembling the example image (no Docker needed)');
const image = await buildRelease('v2').catch((error: unknown) => {
  say(`the image could not be assembled here, so item 1 will not pass: ${String(error)}`);
});
if (image) say(`${image.digest} in ${relative(process.cwd(), image.folder)}`);

say('deploycheck checklist, in examples/shop/releases/v2');
const args = [packageFile('bin/run.js'), 'checklist', '--output', `html=${report}`];
const exit = run(process.execPath, args, release);

say('');
if (existsSync(report)) say(`report: ${report}`);
say(`deploycheck ended with exit code ${exit}: ${meaningOf(exit)}`);
if (exit === 3)
  say('pending items name what is missing; nothing passes because it could not be looked at');
if (exit !== 0 && exit !== 1 && exit !== 3) process.exitCode = 1;

function run(command: string, args: readonly string[], cwd: string): number {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error) throw error;
  if (status === null) process.exit(130);
  return status;
}

function meaningOf(exit: number): string {
  const found = Object.entries(exitMeaning).find(([code]) => Number(code) === exit);
  return found?.[1] ?? 'unknown';
}

function say(line: string): void {
  process.stdout.write(line === '' ? '\n' : `quickstart: ${line}\n`);
}
