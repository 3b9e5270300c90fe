import { parseArgs } from 'node:util';
import { type Bed, bedNumbers, createBed } from './bed.ts';
import { bringDown } from './down.ts';
import { foreignEnvironment } from './foreign.ts';
import { install } from './install.ts';
import { type PartEnvironment, type PartName, partNames } from './part.ts';
import { parts } from './parts.ts';
import { Problem } from './problem.ts';
import { deadProcesses, readState } from './state.ts';
import { bringUp } from './up.ts';

const usage = `npm run testbed -- COMMAND [--only PART,…] [--bed N]

  install   get the Debian packages and build the rest into the cache
  up        start what does not run yet, and print its variables
  down      end everything and remove what it made; --only does not apply
  status    what runs, since when, and what no longer does
  env       the variables of what runs, for a shell: eval "$(npm run -s testbed -- env)"

  --only    ${partNames.join(', ')}
  --bed     a number from ${bedNumbers.min} to ${bedNumbers.max}; each has ports and addresses of its own
  --json    for status and env: one JSON document
`;

const say = (line: string): void => void process.stderr.write(`testbed: ${line}\n`);
const print = (text: string): void => void process.stdout.write(text);

async function main(): Promise<void> {
  const { positionals, values } = read();
  const [command] = positionals;
  const bed = createBed(bedNumber(values.bed));
  const names = chosenParts(values.only);
  switch (command) {
    case 'install':
      return install(names, say);
    case 'up':
      return print(shell(await bringUp(bed, names, { say })));
    case 'down':
      return bringDown(bed);
    case 'status':
      return print(await statusText(bed, values.json === true));
    case 'env': {
      const variables = await environmentOf(bed);
      return print(values.json ? `${JSON.stringify(variables, undefined, 2)}\n` : shell(variables));
    }
    default:
      print(usage);
      process.exitCode = command === undefined || command === 'help' ? 0 : 2;
  }
}

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true },
        bed: { type: 'string', default: process.env.DEPLOYCHECK_TESTBED ?? '0' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new Problem(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function bedNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= bedNumbers.min && number <= bedNumbers.max) {
    return number;
  }
  throw new Problem(
    `'${text}' names no bed; give a number from ${bedNumbers.min} to ${bedNumbers.max}`,
  );
}

function chosenParts(only: readonly string[] | undefined): readonly PartName[] {
  if (only === undefined) return partNames;
  const names = only.flatMap((text) => text.split(','));
  for (const name of names) {
    if (!partNames.some((known) => known === name)) {
      throw new Problem(`'${name}' is no part of the bed; parts are ${partNames.join(', ')}`);
    }
  }
  return names as PartName[];
}

/** Lines for a POSIX shell to evaluate. */
const shell = (variables: PartEnvironment): string =>
  Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');

async function environmentOf(bed: Bed): Promise<PartEnvironment> {
  const found: PartEnvironment[] = [];
  for (const name of partNames) {
    const foreign = await foreignEnvironment(bed, parts[name]);
    const state = foreign ? undefined : await readState(bed, name);
    if (foreign) found.push(foreign);
    else if (state?.environment && (await deadProcesses(state)).length === 0) {
      found.push(state.environment);
    }
  }
  return Object.assign({}, ...found);
}

interface PartStatus {
  readonly part: PartName;
  readonly state: 'up' | 'broken' | 'off' | 'yours';
  readonly detail: string;
}

async function statusOf(bed: Bed, part: PartName): Promise<PartStatus> {
  if (await foreignEnvironment(bed, parts[part])) {
    return { part, state: 'yours', detail: `named by ${parts[part].variable}` };
  }
  const state = await readState(bed, part);
  if (!state) return { part, state: 'off', detail: '' };
  const dead = await deadProcesses(state);
  if (dead.length > 0) return { part, state: 'broken', detail: `ended: ${dead.join(', ')}` };
  if (!state.environment) return { part, state: 'broken', detail: 'its start did not finish' };
  const pids = Object.entries(state.processes).map(([name, { pid }]) => `${name} ${pid}`);
  return { part, state: 'up', detail: [`since ${state.startedAt}`, ...pids].join(', ') };
}

async function statusText(bed: Bed, json: boolean): Promise<string> {
  const all = await Promise.all(partNames.map((name) => statusOf(bed, name)));
  if (json) return `${JSON.stringify({ bed: bed.number, folder: bed.folder, parts: all })}\n`;
  const lines = all.map(({ part, state, detail }) =>
    `${part.padEnd(14)} ${state.padEnd(7)} ${detail}`.trimEnd(),
  );
  return `bed ${bed.number} in ${bed.folder}\n${lines.join('\n')}\n`;
}

main().catch((error: unknown) => {
  if (!(error instanceof Problem)) throw error;
  say(error.message);
  process.exitCode = 1;
});
