import type { PartName } from '../../scripts/testbed/part.ts';
import { signalProcess } from '../../scripts/testbed/processes.ts';
import { findServer, killServer, restartServer } from '../../scripts/testbed/servers.ts';
import { bedOfRun } from './bed.ts';

/** Stops a server in mid-step, as a machine out of breath would; it goes on when disposed. */
export async function pauseServer(part: PartName, name: string): Promise<AsyncDisposable> {
  const server = await findServer(bedOfRun(), part, name);
  await signalProcess(server, 'SIGSTOP');
  return { [Symbol.asyncDispose]: () => signalProcess(server, 'SIGCONT') };
}

/** Ends a server without warning; it is started again when disposed. */
export async function killedServer(part: PartName, name: string): Promise<AsyncDisposable> {
  const bed = bedOfRun();
  await killServer(await findServer(bed, part, name));
  return { [Symbol.asyncDispose]: () => restartServer(bed, part, name) };
}
