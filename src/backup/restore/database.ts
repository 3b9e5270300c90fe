import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import type { DatabaseSettings } from '../../adapters/postgres/postgres.ts';
import type { ProcessEnd } from '../../adapters/process/process.ts';
import type { Fault } from '../../core/fault.ts';
import {
  clientEnvironment,
  clientFailure,
  clientVersion,
  requireClient,
  saidLast,
} from '../database/client-tools.ts';
import { damageOf, unpacked } from '../meter.ts';
import { timed } from '../outcome.ts';
import { damageIn } from '../reading.ts';
import type { Repository } from '../repository/repository.ts';
import { spoolFile } from '../repository/spool.ts';
import { type DatabasePart, fileAt, type Manifest } from '../set/manifest.ts';
import type { Difference, Lacking, Note, Problem } from '../set/reports.ts';
import { setKey } from '../set/set-id.ts';
import type { BackupSystems, Steps } from '../systems.ts';

export interface FillTarget {
  readonly settings: DatabaseSettings;
  readonly serverVersion: number;
  /** Of the entries to restore, as `pg_restore --use-list` reads it; all of them when not given. */
  readonly list?: string;
}

/** What became of an attempt to restore. Empty lists mean that all is restored. */
export interface Filled {
  /** The set is not what was written. */
  readonly damage: readonly Problem[];
  /** The set is whole, and PostgreSQL will not take it. */
  readonly differences: readonly Difference[];
  /** The server lacks what the set needs. */
  readonly lacking: readonly Lacking[];
  /** What is not as it was once, and rightly so: it changes no verdict. */
  readonly notes: readonly Note[];
}

export const filled: Filled = { damage: [], differences: [], lacking: [], notes: [] };

/** What pg_restore says of a server on which the dump cannot live. */
const environmentLacks =
  /role "[^"]*" does not exist|extension "[^"]*" is not available|could not open extension control file|tablespace "[^"]*" does not exist|must be (?:owner|superuser|able to|member)|permission denied|unsupported version|unrecognized configuration parameter|No space left|could not access file|collation "[^"]*" for encoding|could not create locale/i;

/**
 * Restores the dump of a set into an empty database. Where there is room for it, the dump is read into a
 * file first: then nothing that was changed reaches pg_restore, which works on several tables at once.
 * Otherwise it is streamed, and every byte is checked on its way.
 * @throws Fault `database-failed`, `client-too-old`, `repository-*`, `identity-*`; the signal's reason
 */
export async function fillDatabase(
  { set, files, database }: Pick<Manifest, 'set' | 'files'> & { readonly database: DatabasePart },
  repository: Repository,
  target: FillTarget,
  steps: Steps,
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
  const postgres = await adapters.postgres();
  const place = postgres.describe(target.settings);
  const { identities } = repository;
  onEvent({ type: 'expected', bytes: dump.plain.size });
  const onBytes = (bytes: number) => onEvent({ type: 'bytes', bytes });
  const plain = () => unpacked(stored, dump, { identities, onBytes });
  const into = ['--no-password', '--exit-on-error', '--no-subscriptions'];
  if (target.list !== undefined) into.push(`--use-list=${target.list}`);
  const restoring: Restoring = {
    args: [...into, `--dbname=${target.settings.database}`],
    env,
    systems,
  };
  try {
    await using file = await steps.run(timed.unpack, () => spoolFile(dump.plain.size, plain));
    const run = (more: readonly string[], input?: Readable) =>
      steps.run(timed.database, () => runRestore(restoring, more, input));
    if (file) {
      await run([`--jobs=${jobs()}`, file.path]);
      return filled;
    }
    const readToEnd = await run([], plain());
    // pg_restore stops reading once it has what it wants.
    const tail = readToEnd ? undefined : await wrongIn(repository, key, dump, signal);
    return tail ? { ...filled, damage: [tail] } : filled;
  } catch (error) {
    signal.throwIfAborted();
    const damage = damageOf(error);
    if (damage !== undefined) return { ...filled, damage: [{ path: key, problem: damage }] };
    if (!(error instanceof RestoreRefused)) throw error;
    // It may have stumbled over bytes that were changed further on than the error says.
    const again = await wrongIn(repository, key, dump, signal);
    return again ? { ...filled, damage: [again] } : refusalOf(error.end, place);
  }
}

/** More of them wait for each other. */
const mostJobs = 8;
const jobs = (): number => Math.min(availableParallelism(), mostJobs);

interface Restoring {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly systems: BackupSystems;
}

/** @returns whether the input was read to its end */
async function runRestore(
  { args, env, systems: { adapters, signal } }: Restoring,
  more: readonly string[],
  input?: Readable,
): Promise<boolean> {
  let readToEnd = false;
  input?.once('end', () => {
    readToEnd = true;
  });
  const processes = await adapters.processes();
  await processes.stream('pg_restore', [...args, ...more], {
    signal,
    env,
    ...(input && { input }),
    output: async (stdout) => void (await stdout.resume().toArray()),
    failure: (end) => new RestoreRefused(end),
  });
  return readToEnd;
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
