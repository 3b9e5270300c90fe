import type { Bed } from '../../scripts/testbed/bed.ts';
import type { PartName } from '../../scripts/testbed/part.ts';
import {
  findServer,
  killServer,
  pauseProcess,
  restartServer,
  resumeProcess,
} from '../../scripts/testbed/servers.ts';

/**
 * Stops a server in mid-step, as a machine out of breath would; it goes on when disposed.
 * @param bed one of the test's own: others use the bed of the run at the same time
 */
export async function pauseServer(
  bed: Bed,
  part: PartName,
  name: string,
): Promise<AsyncDisposable> {
  const server = await findServer(bed, part, name);
  await pauseProcess(server);
  return { [Symbol.asyncDispose]: () => resumeProcess(server) };
}

/** Ends a server without warning; it is started again when disposed. */
export async function killedServer(
  bed: Bed,
  part: PartName,
  name: string,
): Promise<AsyncDisposable> {
  await killServer(await findServer(bed, part, name));
  return { [Symbol.asyncDispose]: () => restartServer(bed, part, name) };
}
