import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRelease } from '../examples/shop/image/build.ts';
import { packageFile } from '../src/core/package-root.ts';

/**
 * Benchmarks as ratios, each measured in this run against a peer or a physical limit. Writes
 * docs/benchmarks.md; prints what it writes.
 */
interface Row {
  readonly what: string;
  readonly against: string;
  readonly ratio: number;
  readonly goal: number;
  readonly detail: string;
}

interface Times {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of user and system time. */
  readonly cpu: number;
}

const rounds = 15;
const binary = packageFile('bin/run.js');

function measure(args: readonly string[], cwd: string): Times {
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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Interleaved, so that a busy moment of the machine hits both sides. */
function startUp(args: readonly string[], goal: number): Row {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(measure([binary, ...args], tmpdir()).cpu);
    bare.push(measure(['-e', '0'], tmpdir()).cpu);
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
function checklist(): Row[] {
  const release = packageFile('examples/shop/releases/v2');
  const file = join(home, 'record.json');
  const samples = Array.from({ length: 7 }, () => {
    const times = measure([binary, 'checklist', '--quiet', '--output', `json=${file}`], release);
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

function page(rows: readonly Row[]): string {
  const [cpu] = cpus();
  return [
    '# Benchmarks',
    '',
    '`npm run bench` measures these and writes this page. Every figure is a ratio: both sides were',
    'measured in the same run, on the same input.',
    '',
    `Measured with Node ${process.versions.node} on ${availableParallelism()} cores (${cpu?.model.trim()}).`,
    '',
    '| what | against | ratio | goal | met | detail |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(({ what, against, ratio, goal, detail }) => {
      const met = ratio <= goal ? 'yes' : 'no';
      return `| ${what} | ${against} | ${ratio.toFixed(2)} | ≤ ${goal} | ${met} | ${detail} |`;
    }),
    '',
  ].join('\n');
}

const home = mkdtempSync(join(tmpdir(), 'deploycheck-bench-'));
try {
  if (!existsSync(packageFile('examples/shop/build/v2/image'))) await buildRelease('v2');
  const rows = [
    startUp(['--version'], 1.2),
    startUp(['--help'], 2.5),
    startUp(['rules', 'list'], 2.5),
    ...checklist(),
  ];
  const text = page(rows);
  await writeFile(packageFile('docs/benchmarks.md'), text);
  process.stdout.write(text);
} finally {
  rmSync(home, { recursive: true });
}
