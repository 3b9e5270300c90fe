import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRoot } from './bed.ts';
import { Problem } from './problem.ts';
import { childOf, identify, isAlive, type ProcessId, poll, signalProcess } from './processes.ts';

/**
 * The namespaces one part of a bed lives in. Its first process owns all others: when that one ends,
 * in whatever way, the kernel ends every process, mount and network device made inside.
 */
export interface SandboxOptions {
  /** Where logs go. */
  readonly folder: string;
  /** A network of its own; without, the part shares the host's and listens on loopback. */
  readonly network: boolean;
  /** Folders of the host that the part writes to and must not: covered by an empty file system. */
  readonly covered?: readonly string[];
  /** Folders of the host replaced by others: `[there, here]`. */
  readonly binds?: readonly (readonly [string, string])[];
  /** A FIFO held open by the process that owns the bed; the sandbox ends when that process does. */
  readonly owner?: string | undefined;
}

export interface SpawnInside {
  readonly env?: Readonly<Record<string, string>>;
  /** Run as this user of the host; only root can. */
  readonly user?: string;
  /** In the network of the sandbox, where it has one; false: in the host's. */
  readonly inside?: boolean;
  readonly cwd?: string;
}

const readySeconds = 10;

/** @throws Problem when the kernel or the permissions do not allow it */
export async function openSandbox(options: SandboxOptions): Promise<ProcessId> {
  const log = await open(join(options.folder, 'sandbox.log'), 'a');
  const child = spawn('unshare', unshareArgs(options), {
    stdio: ['ignore', 'pipe', log.fd],
    detached: true,
  });
  await log.close();
  const ended = once(child, 'exit').catch(() => undefined);
  const ready = await Promise.race([
    once(child.stdout as NodeJS.ReadableStream, 'data').then(() => true),
    ended.then(() => false),
  ]);
  const init =
    ready && child.pid ? await poll(readySeconds, () => childOf(child.pid ?? 0)) : undefined;
  if (!init) throw await sandboxProblem(options.folder);
  child.stdout?.destroy();
  child.unref();
  return init;
}

/** The name by which the first process of a folder's sandbox is found again. */
export const sandboxMark = (folder: string): string => `testbed:${folder}`;

function unshareArgs(options: SandboxOptions): string[] {
  const { folder, network, covered = [], binds = [], owner } = options;
  // Owner gone before the FIFO was opened: nobody holds it, and waiting for a writer would be for ever.
  const wait =
    owner === undefined
      ? 'sleep infinity; :'
      : 'timeout 10 sh -c ": < $1" sh "$1" && cat < "$1" > /dev/null; :';
  const script = [
    'set -e',
    // Only a kubelet hands mounts on, and only root may.
    ...(network ? ['mount --make-rshared /'] : []),
    ...covered.map((path) => `mount -t tmpfs tmpfs '${path}'`),
    ...binds.map(([there, here]) => `mount --bind '${here}' '${there}'`),
    'echo ready',
    wait,
  ].join('\n');
  return [
    ...(isRoot() ? [] : ['--user', '--map-current-user']),
    '--pid',
    '--mount',
    '--mount-proc',
    '--fork',
    '--kill-child',
    ...(network ? ['--net'] : []),
    'sh',
    '-c',
    script,
    sandboxMark(folder),
    ...(owner === undefined ? [] : [owner]),
  ];
}

async function sandboxProblem(folder: string): Promise<Problem> {
  const said = await lastLine(join(folder, 'sandbox.log'));
  const remedy = isRoot()
    ? 'run it where namespaces may be made'
    : 'run it as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)';
  return new Problem(`no namespaces could be made here (${said}); ${remedy}`);
}

/** The arguments that put a command into the sandbox. */
function enterArgs(init: ProcessId, { user, inside = true }: SpawnInside): string[] {
  return [
    `--target=${init.pid}`,
    '--pid',
    '--mount',
    ...(isRoot() ? [] : ['--user', '--preserve-credentials']),
    // Without root there is no network but the host's.
    ...(inside && isRoot() ? ['--net'] : []),
    '--',
    ...(user ? ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'] : []),
  ];
}

/** Starts a server inside; its output goes to `<folder>/<name>.log`. */
export async function spawnInside(
  init: ProcessId,
  folder: string,
  name: string,
  command: readonly string[],
  options: SpawnInside = {},
): Promise<ProcessId> {
  const log = await open(join(folder, `${name}.log`), 'a');
  const child = spawn('nsenter', [...enterArgs(init, options), ...command], {
    ...environment(options),
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  });
  await log.close();
  child.on('error', () => undefined);
  const found = await poll(readySeconds, async () =>
    child.exitCode === null && child.pid ? childOf(child.pid) : null,
  );
  child.unref();
  if (!found) throw await startProblem(folder, name);
  return found;
}

/** Runs a command inside to its end. @throws Problem with the last line it printed */
export async function runInside(
  init: ProcessId,
  command: readonly string[],
  options: SpawnInside & { readonly input?: string } = {},
): Promise<string> {
  return run('nsenter', [...enterArgs(init, options), ...command], {
    ...environment(options),
    ...(options.input === undefined ? {} : { input: options.input }),
  });
}

/** Runs a command of the host to its end. @throws Problem with the last line it printed */
export async function run(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly input?: string } = {},
): Promise<string> {
  const { input, ...rest } = options;
  const running = promisify(execFile)(command, args, {
    ...rest,
    env: rest.env ?? process.env,
    maxBuffer: 1 << 26,
  } as object);
  feed(running.child, input);
  try {
    return String((await running).stdout);
  } catch (error) {
    const { stderr = '', code } = error as { stderr?: string; code?: string | number };
    if (code === 'ENOENT') throw new Problem(`the program ${command} is missing`);
    const said = lastWords(String(stderr)) || String(error).split('\n')[0];
    throw new Problem(`'${[command, ...args].slice(0, 6).join(' ')}' failed: ${said}`, {
      cause: String(stderr),
    });
  }
}

function feed(child: ChildProcess, input: string | undefined): void {
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input ?? '');
}

function environment({ env = {}, cwd = '/' }: SpawnInside): {
  env: NodeJS.ProcessEnv;
  cwd: string;
} {
  return {
    cwd,
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C.UTF-8',
      ...env,
    },
  };
}

/** The sentence for a server that did not come up, with what it printed last. */
export async function startProblem(folder: string, name: string): Promise<Problem> {
  const file = join(folder, `${name}.log`);
  return new Problem(`${name} did not start: ${await lastLine(file)} (all of it: ${file})`);
}

async function lastLine(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return lastWords(text).slice(0, 300) || 'it printed nothing';
}

/** The last line that is not mount(8) or npm pointing at a log elsewhere. */
function lastWords(text: string): string {
  const lines = text.trim().split('\n');
  return lines.findLast((line) => !/dmesg\(1\)|complete log of this run/.test(line))?.trim() ?? '';
}

/** Ends the sandbox and waits until nothing of it is left. */
export async function closeSandbox(init: ProcessId): Promise<void> {
  const now = await identify(init.pid);
  if (now?.start !== init.start) return;
  await signalProcess(init, 'SIGKILL');
  const gone = await poll(30, async () => ((await isAlive(init)) ? undefined : true));
  if (!gone) throw new Problem(`process ${init.pid} does not end; something in it hangs`);
}
