import type { Engine, OpenEngine } from '../../adapters/docker/docker.ts';
import { fieldOf, parseObject, textOf } from '../../core/json.ts';

/** Kind of leftover in the ledger: all containers of one owner. */
export const engineLeftover = 'engine-containers';

/** The ledger is a file that others may write, so only owners of our own naming are looked for. */
const ownerPattern = /^probe-[0-9a-f]{32}$/;

export const leftoverRef = (host: string, owner: string): string => JSON.stringify({ host, owner });

/**
 * Removes what a process that died had started.
 * @throws Fault `engine-unreachable`, `engine-failed`; Error for what is no such leftover
 */
export async function undoContainers(
  ref: string,
  adapters: { engine(): Promise<OpenEngine> },
  signal: AbortSignal,
): Promise<void> {
  const object = parseObject(ref);
  const [host, owner] = [textOf(fieldOf(object, 'host')), textOf(fieldOf(object, 'owner'))];
  if (host === undefined || owner === undefined || !ownerPattern.test(owner)) {
    throw new Error('not containers that deploycheck starts');
  }
  const open = await adapters.engine();
  await removeOwned(await open({ host }, signal), owner, signal);
}

/** The newest first: an older one may own the volumes of a newer one. */
export async function removeOwned(
  engine: Engine,
  owner: string,
  signal: AbortSignal,
): Promise<void> {
  const entries = await engine.listContainers({ owner }, signal);
  const number = (name: string) => Number(/-(\d+)$/.exec(name)?.[1] ?? 0);
  for (const { id } of entries.toSorted((a, b) => number(b.name) - number(a.name))) {
    await engine.remove(id, signal);
  }
}
