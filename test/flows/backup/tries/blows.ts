import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Running } from '../../../e2e/running.ts';
import { connect, never } from '../support.ts';
import type { Rig } from './rig.ts';

/** Something that ends a run from outside. */
export interface Blow {
  readonly name: string;
  /** Steps within which it can be; all when not given. */
  readonly during?: readonly string[];
  strike(rig: Rig, running: Running): Promise<void>;
  /** Makes it as it was before, once the run has ended. */
  heal?(rig: Rig): Promise<void>;
}

export const blows: readonly Blow[] = [
  {
    name: 'kill -9',
    strike: async (_, running) => running.kill('SIGKILL'),
  },
  {
    name: 'kill -9 of its PostgreSQL client',
    during: ['dump', 'globals', 'restore database'],
    strike: killClient,
  },
  {
    name: 'way to the database cut',
    strike: ({ databaseWay }) => databaseWay.disable(),
    heal: ({ databaseWay }) => databaseWay.heal(),
  },
  {
    name: 'way to the store cut',
    strike: ({ storeWay }) => storeWay.disable(),
    heal: ({ storeWay }) => storeWay.heal(),
  },
  { name: 'backends terminated', strike: terminateBackends },
];

async function terminateBackends({ shop }: Rig): Promise<void> {
  await using server = await connect(shop.serverUrl);
  await server.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and pid <> pg_backend_pid()',
    [shop.role],
    never,
  );
}

/** Waits for one where there is none at that moment. */
async function killClient(_: Rig, running: Running): Promise<void> {
  let isOver = false;
  running.ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    for (const pid of await childrenOf(running.pid)) {
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      if (!/^pg_(?:dump|dumpall|restore)$/.test(name.trim())) continue;
      try {
        process.kill(pid, 'SIGKILL');
        return;
      } catch {
        // It has ended meanwhile; the next one will do.
      }
    }
    await delay(2);
  }
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}
