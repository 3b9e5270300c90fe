import type { OpenScenario, Try } from '../../../../scripts/soak/scenario.ts';
import type { CliResult } from '../../../e2e/cli.ts';
import type { Variables } from '../../../systems/bed.ts';
import { databasesOf, putObject } from '../fixture.ts';
import { connect, never, unique } from '../support.ts';
import { oldest, type Read, scratchBuckets, wrongAfter } from './aftermath.ts';
import { type Blow, blows } from './blows.ts';
import { isPrecious, precious } from './restoring.ts';
import { type Rig, rig } from './rig.ts';
import { pick } from './spoiling.ts';
import { durations, momentOf, stepsDone, type Work, works } from './steps.ts';

/** A rig, and how long the steps of each command take there. */
interface Ready {
  readonly name: string;
  readonly rig: Rig;
  readonly read: Read;
  readonly first: string;
  readonly taken: ReadonlyMap<Work, readonly number[]>;
}

/** Every step of every command, and what comes after the last. */
const points = works.flatMap((work) =>
  [...work.steps, ['', 'after the last']].map((_, step) => ({ work, step })),
);
/** Coprime to the number of points, so that a few tries are of several commands. */
const stride = 7;

export async function openKill(bed: Variables): Promise<OpenScenario> {
  await using stack = new AsyncDisposableStack();
  const ready: Ready[] = [];
  for (const [name, repository] of [
    ['folder', 'folder'],
    ['S3', 'DEPLOYCHECK_TEST_S3'],
  ] as const) {
    ready.push(await prepared(name, stack.use(await rig(bed, repository))));
  }
  const disposables = stack.move();
  return {
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
    async once(random, number) {
      const index = number - 1;
      const point = points[(index * stride) % points.length];
      const on = ready[(index + Math.floor(index / points.length)) % ready.length];
      if (!point || !on) throw new Error('nothing is ready');
      const step = point.work.steps[point.step]?.[1];
      const fitting = blows.filter(({ during }) => !during || during.includes(step ?? ''));
      return struck(on, point, pick(random, fitting), random());
    },
  };
}

async function prepared(name: string, own: Rig): Promise<Ready> {
  const taken = new Map<Work, readonly number[]>();
  for (const work of works) {
    await using target = await place(own);
    taken.set(work, await durations(work, own.start(argsOf(work, target))));
  }
  return { name, rig: own, read: new Set(), first: await oldest(own), taken };
}

/** Where a restore goes: a database that is there and holds something, and buckets that are not. */
interface Place extends AsyncDisposable {
  readonly database: string;
  readonly buckets: readonly [string, string];
  /** The names of what has the precious table. */
  holders(): Promise<readonly string[]>;
}

async function place({ shop }: Rig): Promise<Place> {
  const { name } = await precious(shop);
  const free = () => unique('restored').replace('_', '-');
  const buckets = [free(), free()] as const;
  const drop = async () => {
    await using server = await connect(shop.serverUrl);
    for (const entry of await databasesOf(shop)) {
      await server.query(`drop database "${entry}" with (force)`, [], never);
    }
  };
  return {
    database: name,
    buckets,
    async holders() {
      const found: string[] = [];
      for (const entry of await databasesOf(shop)) {
        const url = new URL(shop.serverUrl);
        url.pathname = `/${entry}`;
        if (await isPrecious(url.href).catch(() => false)) found.push(entry);
      }
      return found;
    },
    async [Symbol.asyncDispose]() {
      await drop();
      for (const bucket of buckets) {
        const objects = await shop.store.list(bucket, '', never);
        if (!objects) continue;
        await shop.store.removeMany(bucket, objects, {}, never);
        await shop.store.removeBucket(bucket, never);
      }
    },
  };
}

function argsOf(
  { name }: Work,
  { database, buckets }: Place,
  bucket = buckets[0],
): readonly string[] {
  if (name !== 'restore') return ['backup', name];
  const to = ['--to', 'env:ADMIN_DATABASE_URL', '--database', database, '--replace'];
  return ['restore', 'last', '--yes', ...to, '--bucket', `invoices=${bucket}`];
}

async function struck(
  { name, rig: own, read, first, taken }: Ready,
  { work, step }: (typeof points)[number],
  blow: Blow,
  fraction: number,
): Promise<Try> {
  const { shop } = own;
  // Something that only this run can store.
  const content = Buffer.from(unique('content'));
  await putObject(shop.store, shop.bucket.name, { key: 'changing', content });
  await using target = await place(own);
  const args = argsOf(work, target);
  const running = own.start(args);
  const withinMs = fraction * (taken.get(work)?.[step] ?? 0);
  if (await momentOf(work, running, step, withinMs)) await blow.strike(own, running);
  const end = await running.ended;
  const scratch = await scratchBuckets(own);
  await blow.heal?.(own);
  const hit = work.steps[stepsDone(work, end.stderr)]?.[1] ?? 'after the last';
  const result = {
    how: `${blow.name}, repository in ${name}`,
    at: { row: `${work.name}: ${hit}`, column: blow.name },
  };
  const wrong = [
    ...wrongEnd(end, blow),
    ...(await cleaned(own)),
    ...(await wrongAfter(own, read, { known: await keptBy(own, target), scratch })),
    ...((await oldest(own)) === first ? [] : ['the oldest set is not what it was']),
    ...((await target.holders()).length === 1 ? [] : ['what had the name is lost']),
  ];
  // A bucket that was restored and compared is whole, and is not written to again.
  const isWhole = work.name === 'restore' && stepsDone(work, end.stderr) >= 2;
  const again = await own.run(isWhole ? argsOf(work, target, target.buckets[1]) : args);
  if (again.exitCode !== 0) wrong.push(`the next run ended ${again.exitCode}: ${again.stderr}`);
  const after = { known: await keptBy(own, target), scratch: [] };
  wrong.push(...(await wrongAfter(own, read, after)).map((text) => `after the next run, ${text}`));
  const where = `${result.at.row} at ${Math.round(withinMs)} ms, ${result.how}`;
  return { ...result, problem: wrong.length === 0 ? '' : `${where}: ${wrong.join('; ')}` };
}

/** The target, and what a restore has put aside. */
async function keptBy({ shop }: Rig, { database }: Place): Promise<readonly string[]> {
  return (await databasesOf(shop)).filter((name) => name.startsWith(database));
}

/** A run that lives to say so says well, or what failed, with its code. */
function wrongEnd({ exitCode, stderr }: CliResult, { name }: Blow): readonly string[] {
  if (name === 'kill -9' || exitCode === 0) return [];
  if (exitCode === 5 && /\([a-z]+-[a-z-]+\)/.test(stderr)) return [];
  return [`it ended ${exitCode}: ${stderr}`];
}

async function cleaned(own: Rig): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await own.run(['clean']);
  return exitCode === 0 ? [] : [`clean ended ${exitCode}: ${stdout}${stderr}`];
}
