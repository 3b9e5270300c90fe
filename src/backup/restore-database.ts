import type { DatabaseSettings } from '../adapters/postgres/postgres.ts';
import type { ProcessEnd } from '../adapters/process/process.ts';
import type { Fault } from '../core/fault.ts';
import {
  clientEnvironment,
  clientFailure,
  clientVersion,
  requireClient,
  saidLast,
} from './client-tools.ts';
import { type DatabasePart, fileAt, type Manifest } from './manifest.ts';
import { damageOf, unpacked } from './meter.ts';
import type { Difference, Lacking, Problem } from './reports.ts';
import type { Repository } from './repository.ts';
import { setKey } from './set-id.ts';
import type { BackupSystems } from './systems.ts';
import { damageIn } from './verify.ts';

/** What became of an attempt to restore. Empty lists mean that all is restored. */
export interface Filled {
  /** The set is not what was written. */
  readonly damage: readonly Problem[];
  /** The set is whole, and PostgreSQL will not take it. */
  readonly differences: readonly Difference[];
  /** The server lacks what the set needs. */
  readonly lacking: readonly Lacking[];
}

export const filled: Filled = { damage: [], differences: [], lacking: [] };

/** What pg_restore says of a server on which the dump cannot live. */
const environmentLacks =
  /role "[^"]*" does not exist|extension "[^"]*" is not available|could not open extension control file|tablespace "[^"]*" does not exist|must be (?:owner|superuser|able to|member)|permission denied|unsupported version|unrecognized configuration parameter|No space left|could not access file/i;

/**
 * Streams the dump of a set into an empty database. Every byte is checked on its way.
 * @throws Fault `database-failed`, `client-too-old`, `repository-*`, `identity-*`; the signal's reason
 */
export async function fillDatabase(
  { set, files, database }: Pick<Manifest, 'set' | 'files'> & { readonly database: DatabasePart },
  repository: Repository,
  target: { readonly settings: DatabaseSettings; readonly serverVersion: number },
  systems: BackupSystems,
): Promise<Filled> {
  const { adapters, signal, onEvent } = systems;
  const client = await clientVersion('pg_restore', systems);
  requireClient('pg_restore', client, target.serverVersion);
  const dump = fileAt({ files }, database.dump);
  const key = setKey(set, dump.path);
  const stored = await repository.get(key, signal);
  if (!stored) return { ...filled, damage: [{ path: key, problem: 'it is missing' }] };

  const env = await clientEnvironment(target.settings, systems);
  const processes = await adapters.processes();
  const postgres = await adapters.postgres();
  const place = postgres.describe(target.settings);
  const { identities } = repository;
  const onBytes = (bytes: number) => onEvent({ type: 'bytes', bytes });
  const plain = unpacked(stored, dump, { identities, onBytes });
  let readToEnd = false;
  plain.once('end', () => {
    readToEnd = true;
  });
  const options = ['--no-password', '--exit-on-error', '--no-subscriptions'];
  try {
    await processes.stream('pg_restore', [...options, `--dbname=${target.settings.database}`], {
      signal,
      env,
      input: plain,
      output: async (stdout) => void (await stdout.resume().toArray()),
      failure: (end) => new RestoreRefused(end),
    });
  } catch (error) {
    signal.throwIfAborted();
    const damage = damageOf(error);
    if (damage !== undefined) return { ...filled, damage: [{ path: key, problem: damage }] };
    if (error instanceof RestoreRefused) {
      // It may have stumbled over bytes that were changed further on than the error says.
      const again = await wrongIn(repository, key, dump, signal);
      return again ? { ...filled, damage: [again] } : refusalOf(error.end, place);
    }
    throw error;
  }
  // pg_restore stops reading once it has what it wants.
  const tail = readToEnd ? undefined : await wrongIn(repository, key, dump, signal);
  return tail ? { ...filled, damage: [tail] } : filled;
}

class RestoreRefused extends Error {
  override readonly name = 'RestoreRefused';
  readonly end: ProcessEnd;

  constructor(end: ProcessEnd) {
    super(`pg_restore ended with ${end.exitCode}`);
    this.end = end;
  }
}

async function wrongIn(
  repository: Repository,
  key: string,
  dump: Parameters<typeof unpacked>[1],
  signal: AbortSignal,
): Promise<Problem | undefined> {
  const stored = await repository.get(key, signal);
  const problem = stored ? await damageIn(unpacked(stored, dump, repository)) : 'it is missing';
  return problem === undefined ? undefined : { path: key, problem };
}

function refusalOf(end: ProcessEnd, place: string): Filled {
  const fault: Fault = clientFailure('pg_restore', place, end);
  if (fault.code === 'database-failed') throw fault;
  const said = saidLast(end.stderr);
  if (environmentLacks.test(end.stderr)) {
    return { ...filled, lacking: [{ what: 'what the dump needs of the server', why: said }] };
  }
  const difference = { what: 'restore', name: '', expected: 'pg_restore takes it', found: said };
  return { ...filled, differences: [difference] };
}
