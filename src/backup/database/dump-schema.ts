import type { DatabaseSettings } from '../../adapters/postgres/postgres.ts';
import type { BackupSystems } from '../systems.ts';
import { clientEnvironment, clientFailure } from './client-tools.ts';
import { schemaOnly } from './schema-text.ts';

/**
 * The schema of a database as pg_dump writes it.
 * @throws Fault `database-*`, `client-too-old`, `tool-*`
 */
export async function dumpSchema(
  settings: DatabaseSettings,
  systems: Pick<BackupSystems, 'adapters' | 'scope' | 'signal'>,
): Promise<string> {
  const { adapters, signal } = systems;
  const env = await clientEnvironment(settings, systems);
  const postgres = await adapters.postgres();
  const processes = await adapters.processes();
  const { value } = await processes.stream('pg_dump', ['--no-password', ...schemaOnly], {
    signal,
    env,
    output: async (stdout) => Buffer.concat(await stdout.toArray()).toString('utf8'),
    failure: (end) => clientFailure('pg_dump', postgres.describe(settings), end),
  });
  return value;
}
