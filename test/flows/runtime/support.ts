import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunRecord } from '../../../src/core/record.ts';
import type { Probed } from '../../../src/probe/probe.ts';
import { openAt } from '../../adapters/docker/setup.ts';
import { type CliResult, deploycheck } from '../../e2e/cli.ts';
import { type Running, start } from '../../e2e/running.ts';
import type { Variables } from '../../systems/bed.ts';
import { pushTestImage, type TestImagePlan } from '../../systems/images.ts';

const { signal } = new AbortController();

/** Ends on SIGTERM, as a shell does that waits. */
export const obedient = 'trap "exit 0" TERM; echo up; sleep 3600 & wait';

/** For an image that does something before it says `up`: however slow the machine, nothing counts before. */
export const whenUp = ['--ready', 'log:up'] as const;

/** For an image that ends: however slow the machine, it does so within that time. */
export const untilEnded = ['--settle', '5s'] as const;

/** What an image runs. */
export const shell = (script: string) => ({ Entrypoint: ['/bin/sh', '-c', script] });

/** Settings under which a trial takes no longer than it has to. */
const quick = { '--settle': '700ms', '--grace': '2s', '--ready-timeout': '8s' };

/** The engine of a bed with images of this test's own, and the program run in a folder. */
export interface Yard extends AsyncDisposable {
  readonly folder: string;
  readonly host: string;
  /** Makes an image and gives the engine its reference. */
  image(name: string, plan: TestImagePlan): Promise<string>;
  docker(...args: readonly string[]): string;
  run(...args: readonly string[]): Promise<CliResult>;
  /** `validate runtime` with short times. */
  probe(image: string, ...more: readonly string[]): Promise<Outcome>;
  start(image: string, ...more: readonly string[]): Running;
  /** Containers of the images made here, and volumes that no container has. */
  left(): string[];
}

export interface Outcome {
  readonly result: CliResult;
  readonly record: RunRecord;
  readonly probed: Probed;
  /** `check messageId` of each finding. */
  readonly said: readonly string[];
  /** By setting: whether it worked. */
  readonly works: Readonly<Record<string, boolean | null>>;
}

export async function createYard(bed: Variables): Promise<Yard> {
  const host = bed('DOCKER_HOST');
  const registry = bed('DEPLOYCHECK_TEST_REGISTRY');
  const engine = await openAt(host);
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-runtime-'));
  const env = { DOCKER_HOST: host, DOCKER_CONFIG: join(folder, 'none') };
  const prefix = `tests/r${crypto.randomUUID().slice(0, 13)}`;
  const images: string[] = [];
  const docker = (...args: readonly string[]) =>
    execFileSync('docker', ['--host', host, ...args], { encoding: 'utf8' }).trim();
  const lines = (text: string) => text.split('\n').filter((line) => line !== '');
  const volumesBefore = new Set(lines(docker('volume', 'ls', '-q')));
  const run = (...args: readonly string[]) => deploycheck(args, { cwd: folder, env });
  const words = (image: string, more: readonly string[]) => [
    ...['validate', 'runtime', image, '--preset', 'recommended', ...more],
    ...Object.entries(quick).flatMap(([flag, value]) => (more.includes(flag) ? [] : [flag, value])),
  ];
  return {
    ...{ folder, host, docker, run },
    async image(name, plan) {
      await pushTestImage(registry, `${prefix}-${name}`, '1', plan);
      const reference = `${registry}/${prefix}-${name}:1`;
      await engine.pull(reference, {}, signal);
      images.push(reference);
      return reference;
    },
    probe: async (image, ...more) => outcomeOf(folder, await run(...words(image, more))),
    start: (image, ...more) => start(words(image, more), { cwd: folder, env }),
    left: () => [
      // Other files try their images with the same engine meanwhile.
      ...images.flatMap((image) =>
        lines(docker('ps', '-a', '--format', '{{.Names}}', '--filter', `ancestor=${image}`)),
      ),
      ...lines(docker('volume', 'ls', '-q', '--filter', 'dangling=true')).filter(
        (name) => !volumesBefore.has(name),
      ),
    ],
    async [Symbol.asyncDispose]() {
      for (const image of images) await engine.removeImage(image, signal);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Where a run was kept, of which others may be kept beside it meanwhile. */
export function keptAt(folder: string, { stderr }: Pick<CliResult, 'stderr'>): string {
  const [, id] = /kept as run (\S+)/.exec(stderr) ?? [];
  if (id === undefined) throw new Error(`nothing was kept:\n${stderr}`);
  return join(folder, '.deploycheck/runs', id);
}

/** What a probe of one image kept. */
export async function outcomeOf(folder: string, result: CliResult): Promise<Outcome> {
  const kept = keptAt(folder, result);
  const read = async (file: string) => JSON.parse(await readFile(join(kept, file), 'utf8'));
  const record: RunRecord = await read('record.json');
  const probed: Probed = await read('evidence/runtime-1.json');
  const trials = [...probed.container.trials, ...probed.run.trials];
  return {
    ...{ result, record, probed },
    said: record.findings.map(({ check, messageId }) => `${check} ${messageId}`),
    works: Object.fromEntries(trials.map(({ setting, works }) => [setting, works])),
  };
}

/** Every file below a folder that has a text in it. */
export async function filesWith(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return files.filter((_, at) => texts[at]?.includes(text));
}

/**
 * A program of 136 bytes that ends with its effective uid as exit code (elf(5), geteuid(2), exit(2), amd64): what
 * it needs setuid for, no busybox does without dropping it first.
 */
export function uidProgram(): Uint8Array {
  const code = [
    ...[0xb8, 0x6b, 0x00, 0x00, 0x00, 0x0f, 0x05, 0x89],
    ...[0xc7, 0xb8, 0x3c, 0x00, 0x00, 0x00, 0x0f, 0x05],
  ];
  const headers = 64 + 56;
  const at = 0x400000;
  const file = Buffer.alloc(headers + code.length);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(2, 16); // an executable
  file.writeUInt16LE(62, 18); // for amd64
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(at + headers), 24); // where it starts
  file.writeBigUInt64LE(64n, 32); // where its only segment is described
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(1, 64); // loaded
  file.writeUInt32LE(5, 68); // read and run
  file.writeBigUInt64LE(BigInt(at), 80);
  file.writeBigUInt64LE(BigInt(at), 88);
  file.writeBigUInt64LE(BigInt(file.length), 96);
  file.writeBigUInt64LE(BigInt(file.length), 104);
  file.writeBigUInt64LE(0x1000n, 112);
  file.set(code, headers);
  return file;
}
