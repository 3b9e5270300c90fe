import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/adapters/clock/system.ts';
import { createObjectStores } from '../../../src/adapters/objects/s3.ts';
import { createPostgres } from '../../../src/adapters/postgres/pg.ts';
import type { Database } from '../../../src/adapters/postgres/postgres.ts';
import { createProcessRunner } from '../../../src/adapters/process/execa.ts';
import { bech32 } from '../../../src/backup/encryption/bech32.ts';
import { readIdentity } from '../../../src/backup/encryption/x25519.ts';
import type { BackupSource, BucketSource } from '../../../src/backup/sources.ts';
import type { BackupAdapters, BackupEvent, BackupSystems } from '../../../src/backup/systems.ts';
import { createLedger } from '../../../src/core/leftovers.ts';
import { createScope, type Scope } from '../../../src/core/scope.ts';

export const never = new AbortController().signal;

/** Adapters as the program makes them, that see `env` only. */
export function adaptersWith(env: Readonly<Record<string, string>>): BackupAdapters {
  const surroundings = { env, home: '/nonexistent', register: () => undefined };
  const postgres = createPostgres(surroundings);
  const objects = createObjectStores(surroundings);
  const processes = createProcessRunner();
  return {
    postgres: async () => postgres,
    objects: async () => objects,
    processes: async () => processes,
  };
}

export interface Bench extends AsyncDisposable {
  readonly folder: string;
  /** Folder of runs and of the ledger. */
  readonly home: string;
  /** Runs a use case in a scope of its own, which has ended when this resolves. */
  run<T>(work: (systems: BackupSystems) => Promise<T>, change?: Partial<BackupSystems>): Promise<T>;
}

/** A folder of its own, and what use cases work with. */
export async function bench(env: Readonly<Record<string, string>>): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-backup-'));
  const home = join(folder, 'home');
  const adapters = adaptersWith(env);
  return {
    folder,
    home,
    async run(work, change = {}) {
      await using scope: Scope = createScope(createLedger(join(home, 'leftovers')));
      const events: BackupEvent[] = [];
      return await work({
        adapters,
        clock: systemClock,
        signal: never,
        scope,
        home,
        env,
        toolVersion: '0.0.0-test',
        onEvent: (event) => events.push(event),
        ...change,
      });
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export async function connect(url: string): Promise<Database> {
  const postgres = await adaptersWith({}).postgres();
  return postgres.connect(await postgres.settings({ url }), never);
}

/** One more of a kind, so that tests beside each other share nothing. */
export const unique = (prefix: string): string => `${prefix}_${randomBytes(4).toString('hex')}`;

export interface KeyPair {
  /** What an identity file holds. */
  readonly identity: string;
  /** `age1…` */
  readonly recipient: string;
}

/** A key pair of age. */
export function newKeyPair(): KeyPair {
  const bytes = randomBytes(32);
  const identity = bech32({ kind: 'age-secret-key-', bytes }).toUpperCase();
  const recipient = readIdentity(identity)?.recipient.text;
  if (recipient === undefined) throw new Error('no identity');
  return { identity, recipient };
}

/** `DB_URL` names the database. */
export function sourceOf(
  buckets: readonly BucketSource[] = [],
  database: BackupSource['database'] = { name: 'main', ref: { env: 'DB_URL' } },
): BackupSource {
  return { environment: 'test', database, buckets };
}

/** The AWS_* variables of a store of the bed, `http://KEY:SECRET@host:port`. */
export function awsOf(url: string): Readonly<Record<string, string>> {
  const { origin, username, password } = new URL(url);
  return {
    AWS_ENDPOINT_URL: origin,
    AWS_ACCESS_KEY_ID: username,
    AWS_SECRET_ACCESS_KEY: password,
    AWS_REGION: 'us-east-1',
  };
}
