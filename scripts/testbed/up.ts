import { once } from 'node:events';
import { mkdir, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Bed, isRoot } from './bed.ts';
import { binaryFolder } from './binaries.ts';
import { makeCgroup } from './cgroups.ts';
import { endPart, partLock, stopPart } from './down.ts';
import { foreignEnvironment } from './foreign.ts';
import { withFileLock } from './lock.ts';
import type { Part, PartEnvironment, PartName, StartContext } from './part.ts';
import { parts } from './parts.ts';
import { Problem } from './problem.ts';
import { isAlive, poll } from './processes.ts';
import { missingPrograms } from './programs.ts';
import { openSandbox, runInside, spawnInside, startProblem } from './sandbox.ts';
import {
  deadProcesses,
  type PartState,
  partFolder,
  readState,
  type Server,
  writeState,
} from './state.ts';

export interface UpOptions {
  readonly say: (line: string) => void;
  /** FIFO of the process that owns the bed; without, the bed runs until it is brought down. */
  readonly owner?: string | undefined;
}

/** A part may be built first, which takes minutes on a new machine. */
const patienceSeconds = 1800;
const readySeconds = 60;
const neededBytes = 2e9;

/**
 * Makes sure that parts run, each started once whoever asks, side by side.
 * @returns the variables a shell or a test needs
 * @throws Problem
 */
export async function bringUp(
  bed: Bed,
  names: readonly PartName[],
  options: UpOptions,
): Promise<PartEnvironment> {
  await mkdir(bed.folder, { recursive: true });
  const running = new Map<PartName, Promise<PartEnvironment>>();
  const ensure = (name: PartName): Promise<PartEnvironment> => {
    const known = running.get(name);
    if (known) return known;
    const started = startAfterNeeds(name);
    running.set(name, started);
    return started;
  };
  /** Before anything is started: what cannot be is said first. */
  const assertAllStartable = async (name: PartName): Promise<void> => {
    if (await foreignEnvironment(bed, parts[name])) return;
    await assertStartable(parts[name]);
    await Promise.all((parts[name].needs ?? []).map(assertAllStartable));
  };
  const startAfterNeeds = async (name: PartName): Promise<PartEnvironment> => {
    const foreign = await foreignEnvironment(bed, parts[name]);
    if (foreign) return foreign;
    await Promise.all((parts[name].needs ?? []).map(ensure));
    return ensurePart(bed, parts[name], options);
  };
  await Promise.all(names.map(assertAllStartable));
  const results = await Promise.allSettled(names.map(ensure));
  const failures = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  const [first] = failures;
  if (first !== undefined) throw first;
  return Object.assign({}, ...(await Promise.all(running.values())));
}

function ensurePart(bed: Bed, part: Part, options: UpOptions): Promise<PartEnvironment> {
  return withFileLock(partLock(bed, part.name), patienceSeconds, async () => {
    const state = await readState(bed, part.name);
    if (state?.environment) {
      const dead = await deadProcesses(state);
      if (dead.length === 0) return state.environment;
      options.say(`${part.name}: ${dead.join(', ')} no longer run; starting it afresh`);
    }
    await stopPart(bed, part);
    await assertPortsFree(bed, part);
    await assertSpace(bed);
    try {
      return await startPart(bed, part, options);
    } catch (error) {
      // The logs stay, for the one who has to find out why.
      await endPart(bed, part);
      throw error;
    }
  });
}

async function assertStartable(part: Part): Promise<void> {
  if (part.needsRoot && !isRoot()) {
    throw new Problem(
      `${part.title} needs root; run as root, or name one of your own with ${part.variable}, or leave it out with --only`,
    );
  }
  const missing = await missingPrograms([part]);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => program.package))].join(' ');
  throw new Problem(
    `${part.title} needs ${missing.map(({ program }) => program).join(', ')}; \`npm run testbed -- install\` gets them (Debian packages ${packages})`,
  );
}

async function assertPortsFree(bed: Bed, part: Part): Promise<void> {
  for (const name of part.ports ?? []) {
    const port = bed.ports[name];
    if (await isFree(port)) continue;
    throw new Problem(
      `port ${port}, which ${part.title} would listen on, is taken by another program; end that one or use another bed with --bed ${bed.number + 1}`,
    );
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

async function assertSpace(bed: Bed): Promise<void> {
  const { bavail, bsize } = await statfs(bed.folder);
  if (bavail * bsize >= neededBytes) return;
  const free = ((bavail * bsize) / 1e9).toFixed(1);
  throw new Problem(
    `${bed.folder} has ${free} GB free and a bed needs ${neededBytes / 1e9}; free some, or choose another place with DEPLOYCHECK_TESTBED_HOME`,
  );
}

/** The caller holds the lock of the part, and nothing of an earlier start is left. */
async function startPart(bed: Bed, part: Part, options: UpOptions): Promise<PartEnvironment> {
  const started = performance.now();
  const folder = partFolder(bed, part.name);
  await mkdir(folder, { recursive: true });
  const sandbox = part.sandbox?.(bed) ?? { network: false };
  for (const [, here] of sandbox.binds ?? []) await mkdir(here, { recursive: true });
  // Built before the sandbox is opened, so that nothing runs while a compiler does.
  const binaries = new Map<string, string>();
  for (const name of part.binaries ?? []) {
    binaries.set(name, await binaryFolder(name, options.say));
  }
  const foldersMade = await makeFolders(part.foldersOutside?.(bed) ?? []);
  for (const cgroup of part.cgroups?.(bed) ?? []) await makeCgroup(cgroup);
  const init = await openSandbox({ ...sandbox, folder, owner: options.owner });
  const processes: Record<string, Server> = {};
  let written: Promise<void> = Promise.resolve();
  /** One after the other: servers start side by side. */
  const write = (served: Partial<PartState> = {}): Promise<void> => {
    const state = {
      init,
      processes: { ...processes },
      foldersMade,
      owner: options.owner,
      ...served,
    };
    written = written.then(() => writeState(bed, part.name, state));
    return written;
  };
  await write();

  const context: StartContext = {
    bed,
    folder,
    init,
    async spawn(name, command, spawnOptions = {}) {
      const process = await spawnInside(init, folder, name, command, spawnOptions);
      processes[name] = { ...process, command, options: spawnOptions };
      await write();
      return process;
    },
    run: (command, runOptions) => runInside(init, command, runOptions),
    program: (binary, name) => join(binaries.get(binary) ?? '', name),
    folderOf: (name) => partFolder(bed, name),
    async ready(server, process, ask, seconds = readySeconds) {
      const answer = await poll(seconds, async () => {
        if (await ask()) return 'ready' as const;
        return (await isAlive(process)) ? undefined : ('dead' as const);
      });
      if (answer !== 'ready') throw await startProblem(folder, server);
    },
  };
  const environment = await part.start(context);
  await write({ environment, startedAt: new Date().toISOString() });
  options.say(`${part.name}: up in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return environment;
}

async function makeFolders(folders: readonly string[]): Promise<string[]> {
  const made: string[] = [];
  for (const folder of folders) {
    if (await stat(folder).catch(() => undefined)) continue;
    await mkdir(folder, { recursive: true });
    made.push(folder);
  }
  return made;
}
