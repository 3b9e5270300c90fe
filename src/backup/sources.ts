import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import type { ObjectStore } from '../adapters/objects/objects.ts';
import type { DatabaseSettings, DatabaseSource } from '../adapters/postgres/postgres.ts';
import { Fault, messageOf } from '../core/fault.ts';
import { readIdentities } from './encryption/identity-file.ts';
import type { Encryption } from './encryption/sealing.ts';
import type { ExternalRef } from './external/open.ts';
import { folderRepository } from './repository/folder.ts';
import type { Repository } from './repository/repository.ts';
import { s3Repository } from './repository/s3.ts';
import type { Signing } from './set/signature.ts';
import type { BackupAdapters, BackupSystems } from './systems.ts';

/**
 * Where a database's address is found: the address itself may hold a password, so this is what goes
 * into ledgers.
 */
export type DatabaseRef =
  | { readonly env: string }
  /** Absolute path. */
  | { readonly file: string }
  | { readonly service: string };

export interface BucketRef {
  /** `http(s)://…`, `env:NAME`, or empty for what the AWS_* variables say. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials?: { readonly accessKey: string; readonly secretKey: string } | undefined;
}

/** A repository's place: `file:PATH`, `s3://BUCKET/PREFIX` or `s3:http(s)://HOST/BUCKET/PREFIX`. */
export interface RepositoryRef {
  readonly url: string;
  /** To whom new sets are encrypted. */
  readonly encryption?:
    | {
        /** `age1…` */
        readonly recipients: readonly string[];
        /** `env:NAME` or `file:PATH` */
        readonly nameKey?: string | undefined;
      }
    | undefined;
  /** Sets have to be signed. */
  readonly signing?: Signing | undefined;
  /** Path of the identity file of whoever reads. */
  readonly identity?: string | undefined;
}

/** What a backup is made of. */
export interface BackupSource {
  /** Name of the environment; null when none is configured. */
  readonly environment: string | null;
  readonly database: DatabaseBackedUp | null;
  readonly buckets: readonly BucketSource[];
}

interface DatabaseBackedUp {
  readonly name: string;
  readonly ref: DatabaseRef;
  /** The tool that keeps its backups, when that is not us. */
  readonly external?: ExternalRef;
}

export interface BucketSource {
  readonly name: string;
  readonly ref: BucketRef;
  readonly prefix: string;
  /** SQL whose first column is keys of the bucket. */
  readonly references: readonly string[];
  /** Whether the tags of its objects are asked for, one by one. */
  readonly tags: boolean;
  /** Whether every version of every key is copied, rather than the current objects alone. */
  readonly versions?: boolean;
}

interface Looking<K extends keyof BackupAdapters> {
  readonly adapters: Pick<BackupAdapters, K>;
  readonly env: BackupSystems['env'];
}

/**
 * Reads `env:NAME` or `file:PATH`.
 * @param what the setting that says so, for messages
 * @throws Fault `setting-missing`
 */
async function referenced(
  what: string,
  reference: string,
  env: BackupSystems['env'],
): Promise<string> {
  if (reference.startsWith('env:')) {
    const name = reference.slice('env:'.length);
    const value = env[name];
    if (value) return value;
    throw new Fault('setting-missing', `${what}: the environment variable ${name} is not set`);
  }
  const path = reference.slice('file:'.length);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    const why = `${what}: ${path} cannot be read: ${messageOf(error)}`;
    throw new Fault('setting-missing', why, { cause: error });
  }
}

/** @throws Fault `setting-missing`, `database-url-invalid` */
export async function databaseSettings(
  ref: DatabaseRef,
  { adapters, env }: Looking<'postgres'>,
): Promise<DatabaseSettings> {
  const postgres = await adapters.postgres();
  return postgres.settings(await databaseSource(ref, env));
}

async function databaseSource(
  ref: DatabaseRef,
  env: BackupSystems['env'],
): Promise<DatabaseSource> {
  if ('service' in ref) return ref;
  const reference = 'env' in ref ? `env:${ref.env}` : `file:${ref.file}`;
  return { url: await referenced('the address of the database', reference, env) };
}

/** @throws Fault `setting-missing`, `objects-url-invalid` */
export async function openStore(
  { endpoint, credentials }: Pick<BucketRef, 'endpoint' | 'credentials'>,
  { adapters, env }: Looking<'objects'>,
): Promise<{ readonly store: ObjectStore; readonly endpoint: string }> {
  const stores = await adapters.objects();
  const look = (what: string, text: string) =>
    /^(?:env|file):/.test(text) ? referenced(what, text, env) : text;
  const settings = await stores.settings({
    ...(endpoint === '' ? {} : { endpoint: await look('the endpoint of the bucket', endpoint) }),
    ...(credentials && {
      accessKey: await look('accessKey of the bucket', credentials.accessKey),
      secretKey: await look('secretKey of the bucket', credentials.secretKey),
    }),
  });
  return { store: stores.open(settings), endpoint: settings.endpoint };
}

/**
 * The absolute form of what configuration or flag says.
 * @param root folder that relative paths start from
 * @throws Fault `usage-invalid`
 */
export function repositoryRef(text: string, root: string): RepositoryRef {
  if (text.startsWith('s3:')) {
    s3Address(text);
    return { url: text };
  }
  const path = text.startsWith('file:') ? text.slice('file:'.length).replace(/^\/\//, '') : text;
  if (path === '') throw new Fault('usage-invalid', 'the repository names no folder');
  return { url: `file:${isAbsolute(path) ? path : resolve(root, path)}` };
}

/** @throws Fault `setting-missing` */
export async function encryptionOf(
  { encryption }: RepositoryRef,
  { env }: Pick<BackupSystems, 'env'>,
): Promise<Encryption | null> {
  if (!encryption) return null;
  const { recipients, nameKey } = encryption;
  const key = nameKey && (await referenced('repository.encryption.nameKey', nameKey, env));
  return { recipients, nameKey: key };
}

/** @throws Fault `usage-invalid`, `objects-url-invalid`, `identity-unusable` */
export async function openRepository(
  ref: RepositoryRef,
  looking: Looking<'objects'>,
): Promise<Repository> {
  const identities = ref.identity === undefined ? undefined : await readIdentities(ref.identity);
  return { ...(await placeOf(ref, looking)), identities };
}

async function placeOf(ref: RepositoryRef, looking: Looking<'objects'>): Promise<Repository> {
  if (ref.url.startsWith('file:')) return folderRepository(ref.url.slice('file:'.length));
  const { endpoint, bucket, prefix } = s3Address(ref.url);
  const opened = await openStore({ endpoint }, looking);
  return s3Repository(opened.store, { endpoint: opened.endpoint, bucket, prefix });
}

function s3Address(text: string) {
  const match = /^s3:(?:(https?:\/\/[^/@\s]+)|\/)\/([^/]+)(?:\/(.*))?$/.exec(text);
  if (!match) {
    throw new Fault(
      'usage-invalid',
      `the repository is not written as s3://BUCKET/PREFIX or s3:https://HOST/BUCKET/PREFIX`,
    );
  }
  const [, endpoint = '', bucket = '', rest = ''] = match;
  const prefix = rest.replace(/\/+$/, '');
  return { endpoint, bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}
