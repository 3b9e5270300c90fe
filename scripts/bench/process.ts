import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFile } from '../../src/core/package-root.ts';
import { median, type Row } from './row.ts';

export interface Times {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of user and system time. */
  readonly cpu: number;
}

const rounds = 15;
const binary = packageFile('bin/run.js');

export function measure(args: readonly string[], cwd: string, home: string): Times {
  // The shell's own `time` is the one portable way to get a child's CPU time.
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&1';
  const { stderr } = spawnSync('bash', ['-c', script, 'bench', process.execPath, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, DEPLOYCHECK_HOME: home },
  });
  const [wall = 0, user = 0, system = 0] = stderr.trim().split(/\s+/).map(Number);
  return { wall, cpu: user + system };
}

/** Interleaved, so that a busy moment of the machine hits both sides. */
function startUp(args: readonly string[], goal: number, home: string): Row {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(measure([binary, ...args], tmpdir(), home).cpu);
    bare.push(measure(['-e', '0'], tmpdir(), home).cpu);
  }
  const [own, node] = [median(ours), median(bare)];
  return {
    what: `CPU time of \`deploycheck ${args.join(' ')}\``,
    against: '`node -e 0`',
    ratio: own / node,
    goal,
    detail: `${(own * 1000).toFixed(0)} ms to ${(node * 1000).toFixed(0)} ms, median of ${rounds} pairs`,
  };
}

/** Two rows: the checklist alone, as its record times it, and the process around it. */
function checklist(home: string): Row[] {
  const release = packageFile('examples/shop/releases/v2');
  const file = join(home, 'record.json');
  const samples = Array.from({ length: 7 }, () => {
    const times = measure(
      [binary, 'checklist', '--quiet', '--output', `json=${file}`],
      release,
      home,
    );
    const record: { durationMs: number; items: { durationMs: number }[] } = JSON.parse(
      readFileSync(file, 'utf8'),
    );
    const slowest = Math.max(...record.items.map((item) => item.durationMs)) / 1000;
    const floor = Math.max(slowest, times.cpu / availableParallelism());
    return { own: record.durationMs / 1000 / floor, whole: times.wall / floor, floor, ...times };
  });
  const [sample] = samples.toSorted((a, b) => a.whole - b.whole).slice(3);
  const against = 'the slower of its slowest item and its CPU time over all cores';
  const detail = `floor ${sample?.floor.toFixed(2)} s, CPU ${sample?.cpu.toFixed(2)} s, median of 7`;
  return [
    {
      what: 'wall time of the checklist on the example',
      against,
      ratio: median(samples.map(({ own }) => own)),
      goal: 1.1,
      detail,
    },
    {
      what: 'the same with the start of the process and the writing of its reports',
      against,
      ratio: median(samples.map(({ whole }) => whole)),
      goal: 1.1,
      detail: `${sample?.wall.toFixed(2)} s; ${detail}`,
    },
  ];
}

/** What the process itself costs: its start, and the checklist on files alone. */
export function ofProcess(home: string): Row[] {
  return [
    startUp(['--version'], 1.2, home),
    startUp(['--help'], 2.5, home),
    startUp(['rules', 'list'], 2.5, home),
    ...checklist(home),
  ];
}
