import { restoreSet } from '../../../../src/backup/restore/restore.ts';
import { trustedSet } from '../../../../src/backup/set/signature.ts';
import { openRepository } from '../../../../src/backup/sources.ts';
import { Fault } from '../../../../src/core/fault.ts';
import { createDatabase, type TestDatabase } from '../../../systems/postgres.ts';
import { databasesOf, type Fixture } from '../fixture.ts';
import { connect, never } from '../support.ts';

/** A database that a restore is to replace, and that holds something nobody may lose. */
export interface Guarded extends AsyncDisposable {
  /**
   * Restores into it.
   * @param mustNot the dump was changed: nothing of it may be put in place
   * @returns what was not as it has to be
   */
  restore(of: Pick<Restored, 'place' | 'set'>, mustNot: boolean): Promise<string>;
}

interface Restored {
  readonly place: Fixture['place'];
  readonly set: string;
}

export async function guarded(shop: Fixture): Promise<Guarded> {
  let target = await precious(shop);
  const remove = async (name: string) => {
    await using server = await connect(shop.serverUrl);
    await server.query(`drop database if exists "${name}" with (force)`, [], never);
  };
  return {
    async restore(of, mustNot) {
      const { name } = target;
      const result = await restored(shop, of, name);
      if (typeof result === 'string') {
        const left = (await databasesOf(shop)).filter((entry) => entry !== name);
        if (left.length > 0) return `refused (${result}), and left ${left.join(', ')}`;
        return (await isPrecious(target.url)) ? '' : `refused (${result}), and the target is gone`;
      }
      if (mustNot) return 'a dump that was changed was put in place';
      if (result.verdict !== 'good') return `put in place, and ${result.verdict}`;
      const url = new URL(target.url);
      url.pathname = `/${result.keptAs}`;
      const isKept = result.keptAs !== null && (await isPrecious(url.href));
      await remove(name);
      if (result.keptAs !== null) await remove(result.keptAs);
      target = await precious(shop);
      return isKept ? '' : 'what had the name is not kept';
    },
    [Symbol.asyncDispose]: () => remove(target.name),
  };
}

/** A database with a table that nobody may lose. */
export async function precious(shop: Pick<Fixture, 'serverUrl'>): Promise<TestDatabase> {
  const database = await createDatabase(shop.serverUrl, 'guarded');
  await using connection = await connect(database.url);
  await connection.script('create table precious as select 7 as v', never);
  return database;
}

export async function isPrecious(url: string): Promise<boolean> {
  await using connection = await connect(url);
  const { rows } = await connection.query('select v from precious', [], never);
  return rows.length === 1 && rows[0]?.v === 7;
}

/** @returns why nothing was put in place */
async function restored(shop: Fixture, { place, set }: Restored, name: string) {
  const target = {
    database: { server: { env: 'SERVER_URL' }, name },
    buckets: [],
    replace: true,
  };
  try {
    return await shop.bench.run(async (systems) => {
      const repository = await openRepository(place, systems);
      await systems.scope.defer('repository', () => repository.close());
      const opened = await trustedSet({ repository, signing: place.signing }, set, systems);
      if (!opened.manifest) return opened.problem;
      const { outcome, switched, keptAs } = await restoreSet(opened, target, repository, systems);
      if (switched) return { verdict: outcome.verdict, keptAs };
      return outcome.damage.map(({ problem }) => problem).join() || outcome.verdict;
    });
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}
