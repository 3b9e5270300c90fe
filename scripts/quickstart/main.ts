import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { buildRelease } from '../../examples/shop/image/build.ts';
import { exitMeaning } from '../../src/core/exit.ts';
import { packageFile } from '../../src/core/package-root.ts';
import { Problem } from '../testbed/problem.ts';
import { foundSystems } from './found.ts';
import { fullSystems } from './full.ts';
import type { Place } from './place.ts';

/**
 * Builds deploycheck and the example's images, makes backups where there is a database, runs the
 * checklist on release v2, and says what came of it. Ends 0 when it ran: the verdict on the example is
 * deploycheck's own exit code, shown below.
 *
 *   --full    on every real system, which the test bed brings up first
 *   --built   deploycheck and the images are there already
 */
const { values: flags } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
  },
});

try {
  await using stack = new AsyncDisposableStack();
  if (!flags.built) await build();
  const place = flags.full ? await fullSystems(stack, say) : await foundSystems(stack, say);
  await check(place);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  say(error.message);
  process.exitCode = 1;
}

async function build(): Promise<void> {
  say('building deploycheck');
  await run(process.execPath, [packageFile('scripts/build.ts')], packageFile('.'));
  say('assembling the example images (no Docker needed)');
  try {
    await buildRelease('v1');
    const image = await buildRelease('v2');
    say(`${image.digest} in ${relative(process.cwd(), image.folder)}`);
  } catch (error) {
    if (flags.full) throw error;
    say(`the image could not be assembled here, so item 1 will not pass: ${String(error)}`);
  }
}

async function check({ folder, env, before, flags: ofChecklist }: Place): Promise<void> {
  const deploycheck = (args: readonly string[]) => {
    say(`deploycheck ${args[0] === 'checklist' ? 'checklist' : args.join(' ')}`);
    return run(process.execPath, [packageFile('bin/run.js'), ...args], folder, env);
  };
  say(`in ${relative(process.cwd(), folder)}`);
  for (const args of before) await deploycheck(args);
  const report = join(folder, '.deploycheck', 'report.html');
  const exit = await deploycheck(['checklist', '--output', `html=${report}`, ...ofChecklist]);
  say('');
  if (existsSync(report)) say(`report: ${report}`);
  say(`deploycheck ended with exit code ${exit}: ${meaningOf(exit)}`);
  if (exit === 3) {
    say('pending items name what is missing; nothing passes because it could not be looked at');
  }
  if (!flags.full) say('`npm run quickstart -- --full` runs every item on real systems');
  if (exit !== 0 && exit !== 1 && exit !== 3) process.exitCode = 1;
}

/** Ctrl-C reaches the child, too; what was started is ended before we end. */
async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { exitCode } = await execa(command, args, { cwd, env, stdio: 'inherit', reject: false });
  return exitCode ?? 130;
}

function meaningOf(exit: number): string {
  const found = Object.entries(exitMeaning).find(([code]) => Number(code) === exit);
  return found?.[1] ?? 'unknown';
}

function say(line: string): void {
  process.stdout.write(line === '' ? '\n' : `quickstart: ${line}\n`);
}
