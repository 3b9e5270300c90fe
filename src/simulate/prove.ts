import { keepJson } from './evidence.ts';
import type { IsolationSeen, WriteSeen } from './observed-parts.ts';
import type { SimulateContext } from './request.ts';
import { compareSnapshots, type Snapshot } from './snapshot.ts';

/** Puts together what shows that nothing outside of the sandbox was touched, and keeps it. */
export async function proveIsolation(
  snapshots: {
    readonly before: Snapshot;
    readonly after: Snapshot;
    readonly began: Date;
    readonly fieldManager: string;
  },
  writes: readonly WriteSeen[],
  permissions: readonly string[],
  context: SimulateContext,
): Promise<IsolationSeen> {
  const { before, after } = snapshots;
  const how = 'list of every kind outside of the sandbox; digests are keyed for this run';
  await keepJson(context, 'simulation-before', [...before.entries.values()], how);
  await keepJson(context, 'simulation-after', [...after.entries.values()], how);
  await keepJson(context, 'simulation-writes', writes, 'every write request of this process');
  const notCompared = new Map(
    [...before.notListed, ...after.notListed].map((entry) => [entry.what, entry]),
  );
  return {
    writes: [...writes],
    changes: compareSnapshots(before, after, snapshots),
    compared: after.entries.size,
    notCompared: [...notCompared.values()],
    permissions,
    permissionsAsked: true,
  };
}
