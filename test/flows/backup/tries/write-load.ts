import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { OpenScenario, Try } from '../../../../scripts/soak/scenario.ts';
import { restoreSet } from '../../../../src/backup/restore/restore.ts';
import type { Variables } from '../../../systems/bed.ts';
import { type Fixture, fixture, putObject } from '../fixture.ts';
import { connect, never, unique } from '../support.ts';

const clients = [1, 2, 4, 8] as const;

/** Beside the transactions of pgbench: rows whose keys come from a sequence, some of which go again. */
const ordering = `\\set key random(1, 100000)
begin;
insert into ordered (what) values (:key);
delete from ordered where id % 7 = 3 and id < :key % 1000;
update pgbench_branches set filler = 'x' where bid = 1;
commit;
`;

/** What holds in every snapshot, whatever is written; each is true in a copy, too. */
const invariants = {
  'balances of accounts and tellers':
    'select (select sum(abalance) from pgbench_accounts) = (select sum(tbalance) from pgbench_tellers)',
  'balances and history':
    'select (select sum(bbalance) from pgbench_branches) = (select coalesce(sum(delta), 0) from pgbench_history)',
  'keys and their sequence':
    'select (select coalesce(max(id), 0) from ordered) <= (select last_value from ordered_id_seq)',
} as const;

export async function openWriteLoad(bed: Variables): Promise<OpenScenario> {
  await using stack = new AsyncDisposableStack();
  const shop = stack.use(await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder'));
  await execa('pgbench', ['--initialize', '--quiet', '--scale=1', shop.databaseUrl]);
  await shop.sql(`create table ordered (id serial primary key, what int)`);
  const script = join(shop.bench.folder, 'ordering.sql');
  await writeFile(script, ordering);
  const disposables = stack.move();
  return {
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
    async once(random, number) {
      const count = clients[(number - 1) % clients.length] ?? 1;
      const loads = [pgbench(shop, script, count), objectWrites(shop, random)];
      const set = await shop.create().finally(() => {
        for (const { stop } of loads) stop();
      });
      const written = await Promise.all(loads.map(({ ended }) => ended));
      const how = `under ${count} ${count === 1 ? 'client' : 'clients'}`;
      if (written.some((amount) => amount === 0)) return { how, problem: 'nothing was written' };
      return { how, problem: await wrongIn(shop, set) };
    },
  };
}

interface Load {
  stop(): void;
  /** How much was written. */
  readonly ended: Promise<number>;
}

function pgbench({ databaseUrl }: Fixture, script: string, count: number): Load {
  const controller = new AbortController();
  const scripts = ['--builtin=tpcb-like@3', `--file=${script}@1`];
  const running = execa(
    'pgbench',
    ['--no-vacuum', `--client=${count}`, '--time=600', '--progress=1', ...scripts, databaseUrl],
    { cancelSignal: controller.signal, reject: false, forceKillAfterDelay: 1000 },
  );
  return {
    stop: () => controller.abort(),
    ended: (async () => {
      await running;
      await using connection = await connect(databaseUrl);
      const { rows } = await connection.query('select count(*) as n from ordered', [], never);
      return Number(rows[0]?.n);
    })(),
  };
}

/** Puts, replaces and removes objects, one after the other. */
function objectWrites({ store, bucket }: Fixture, random: () => number): Load {
  let stopped = false;
  const write = async (): Promise<number> => {
    let count = 0;
    while (!stopped) {
      const key = `moving/${Math.floor(random() * 50)}`;
      if (random() < 0.3) await store.remove(bucket.name, key, {}, never);
      else await putObject(store, bucket.name, { key, content: Buffer.from(unique('content')) });
      count += 1;
    }
    return count;
  };
  return {
    stop: () => {
      stopped = true;
    },
    ended: write(),
  };
}

/** Rehearses, restores, and asks the copy what has to hold. */
async function wrongIn(shop: Fixture, set: string): Promise<Try['problem']> {
  const rehearsal = await shop.rehearse(set);
  if (rehearsal.verdict !== 'good') return JSON.stringify(rehearsal);
  const name = unique('copy');
  const database = { server: { env: 'SERVER_URL' }, name };
  try {
    const { outcome } = await shop.open(set, async (opened, home, systems) => {
      if (!opened.manifest) throw new Error(opened.problem);
      return restoreSet(opened, { database, buckets: [], replace: false }, home, systems);
    });
    if (outcome.verdict !== 'good') return JSON.stringify(outcome);
    const url = new URL(shop.serverUrl);
    url.pathname = `/${name}`;
    await using copy = await connect(url.href);
    for (const [what, query] of Object.entries(invariants)) {
      const { rows } = await copy.query(`${query} as holds`, [], never);
      if (rows[0]?.holds !== true) return `${what} do not agree in the copy`;
    }
    return '';
  } finally {
    await using server = await connect(shop.serverUrl);
    await server.query(`drop database if exists ${name} with (force)`, [], never);
  }
}
