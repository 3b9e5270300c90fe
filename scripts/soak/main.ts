import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageFile } from '../../src/core/package-root.ts';
import { backupScenarios } from './backup.ts';
import { manifestScenarios } from './manifests.ts';
import { reported } from './page.ts';
import { randomFrom } from './random.ts';
import type { Scenario, Try } from './scenario.ts';
import { secrets } from './secrets.ts';
import { serverRules } from './server-rules.ts';
import { simulationEnds } from './simulation-ends.ts';

/**
 * The full counts of what the tests try a few times. What was done is kept, so that a soak that was
 * interrupted goes on where it stopped; the figures go into docs/reliability.md.
 *
 *   --only NAME    one scenario
 *   --count N      so many tries instead of all
 *   --seed N       another sequence
 */
const scenarios: readonly Scenario[] = [
  simulationEnds,
  serverRules,
  ...backupScenarios,
  ...manifestScenarios,
  secrets,
];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    count: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);
const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
  encoding: 'utf8',
}).trim();
const folder = packageFile('.soak');
await mkdir(folder, { recursive: true });

const page = packageFile('docs/reliability.md');

for (const scenario of scenarios) {
  if (values.only !== undefined && values.only !== scenario.name) continue;
  const tries = await soak(scenario, Number(values.count ?? scenario.count));
  const failed = tries.filter(({ problem }) => problem !== '');
  for (const { how, problem } of failed) say(`${scenario.name}: ${how}: ${problem}`);
  const before = await readFile(page, 'utf8').catch(() => '');
  await writeFile(page, reported(before, scenario, { tries, seed, commit }));
  if (failed.length > 0) process.exitCode = 1;
}

async function soak(scenario: Scenario, count: number): Promise<readonly Try[]> {
  const file = join(folder, `${scenario.name}-${seed}-${commit}.jsonl`);
  const done: Try[] = (await readFile(file, 'utf8').catch(() => ''))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  if (done.length >= count) return done.slice(0, count);
  await using open = await scenario.open();
  while (done.length < count) {
    const number = done.length + 1;
    const result = await open.once(randomFrom(seed * 1_000_003 + number), number);
    done.push(result);
    await appendFile(file, `${JSON.stringify(result)}\n`);
    say(`${scenario.name} ${number} of ${count}: ${result.how}: ${result.problem || 'well'}`);
  }
  return done;
}

function say(line: string): void {
  process.stdout.write(`soak: ${line}\n`);
}
