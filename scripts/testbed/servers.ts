import type { Bed } from './bed.ts';
import { partLock } from './down.ts';
import { withFileLock } from './lock.ts';
import type { PartName } from './part.ts';
import { Problem } from './problem.ts';
import { isAlive, type ProcessId, parentOf, poll, signalProcess } from './processes.ts';
import { spawnInside } from './sandbox.ts';
import { partFolder, readState, type Server, writeState } from './state.ts';

const patienceSeconds = 60;
/** A server that cannot start says so and ends well within this. */
const settleSeconds = 0.5;
const attempts = 20;

/** A running server of a part. @throws Problem when the bed knows none of that name */
export async function findServer(bed: Bed, part: PartName, name: string): Promise<Server> {
  const state = await readState(bed, part);
  const server = state?.processes[name];
  if (server) return server;
  const known = Object.keys(state?.processes ?? {}).join(', ') || 'none';
  throw new Problem(`${part} of bed ${bed.number} has no server ${name}; it has ${known}`);
}

/** Ends a server with SIGKILL and waits until it is gone; its part is broken from then on. */
export async function killServer(server: ProcessId): Promise<void> {
  await signalProcess(server, 'SIGKILL');
  await endsWithin(patienceSeconds, server);
}

async function endsWithin(seconds: number, server: ProcessId): Promise<boolean> {
  const ended = await poll(seconds, async () => ((await isAlive(server)) ? undefined : true));
  return ended === true;
}

export const pauseProcess = (server: ProcessId): Promise<void> => signalProcess(server, 'SIGSTOP');

/** nsenter(1), which waits for the server, stops when it does and has to be woken, too. */
export async function resumeProcess(server: ProcessId): Promise<void> {
  const parent = await parentOf(server.pid);
  await signalProcess(server, 'SIGCONT');
  if (parent) await signalProcess(parent, 'SIGCONT');
}

/** Starts a server again that was ended, in the same place with the same arguments. */
export function restartServer(bed: Bed, part: PartName, name: string): Promise<void> {
  return withFileLock(partLock(bed, part), patienceSeconds, async () => {
    const server = await findServer(bed, part, name);
    const state = await readState(bed, part);
    if (!state || (await isAlive(server))) return;
    const { command, options } = server;
    const started = await startUntilItStays(() =>
      spawnInside(state.init, partFolder(bed, part), name, command, options),
    );
    const processes = { ...state.processes, [name]: { ...started, command, options } };
    await writeState(bed, part, { ...state, processes });
  });
}

/** Children of the one that was killed may hold what the new one needs for a moment longer. */
async function startUntilItStays(start: () => Promise<ProcessId>): Promise<ProcessId> {
  for (let attempt = 1; ; attempt++) {
    const server = await start().catch((error: unknown) => {
      if (attempt === attempts) throw error;
      return undefined;
    });
    if (server && !(await endsWithin(settleSeconds, server))) return server;
  }
}
