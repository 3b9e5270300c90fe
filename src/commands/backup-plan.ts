import { resolve } from 'node:path';
import type { ExternalRef } from '../backup/external/open.ts';
import type { BackupLimits, BackupWanted } from '../backup/observation.ts';
import {
  type BackupSource,
  type BucketSource,
  type DatabaseRef,
  type RepositoryRef,
  repositoryRef,
} from '../backup/sources.ts';
import { parseDuration } from '../config/duration.ts';
import { allowedSignersOf, environmentNamed } from '../config/environment.ts';
import type { Config, LoadedConfig } from '../config/load.ts';
import { Fault } from '../core/fault.ts';
import { expandHome } from './signers.ts';

/**
 * What is backed up: database and buckets of the environment named, otherwise of the first; everything
 * in the file when it has no environments.
 * @throws Fault `usage-invalid`, `config-invalid`
 */
export function backupSource(config: LoadedConfig, named: string | undefined): BackupSource {
  const { value } = config;
  const environment = environmentNamed(config, named);
  const databases = Object.keys(value.databases ?? {});
  if (!environment && databases.length > 1) {
    const why = `several databases and no environment that says which is meant`;
    throw new Fault('config-invalid', `${config.file ?? 'the configuration'} has ${why}`);
  }
  const database = environment ? environment.database : databases[0];
  const buckets = environment?.buckets ?? Object.keys(value.buckets ?? {});
  const external = database === undefined ? undefined : externalRef(config, database);
  return {
    environment: environment?.name ?? null,
    database:
      database === undefined
        ? null
        : { name: database, ref: databaseRef(config, database), ...(external && { external }) },
    buckets: buckets.flatMap((name) => bucketSource(config, name)),
  };
}

/** What of it we copy ourselves: a database whose backups another tool makes is not in our sets. */
export function copiedSource(source: BackupSource): BackupSource {
  return source.database?.external ? { ...source, database: null } : source;
}

function externalRef({ value, root }: LoadedConfig, name: string): ExternalRef | undefined {
  const { pgbackrest, barman, walg, cloudnativepg, scratch, programs, tables } =
    value.databases?.[name]?.backups ?? {};
  const absolute = (text: string | undefined) => (text === undefined ? null : resolve(root, text));
  const stage = {
    scratch: absolute(scratch),
    programs: absolute(programs),
    tables: tables ?? [],
  };
  if (pgbackrest) {
    const { stanza, repo = null, config } = pgbackrest;
    return { tool: { kind: 'pgbackrest', stanza, repo, config: absolute(config) }, ...stage };
  }
  if (barman) {
    const { server, config } = barman;
    return { tool: { kind: 'barman', server, config: absolute(config) }, ...stage };
  }
  if (walg) return { tool: { kind: 'walg', config: resolve(root, walg.config) }, ...stage };
  if (cloudnativepg) return { tool: { kind: 'cloudnativepg', ...cloudnativepg }, ...stage };
  return undefined;
}

export function wantedOf({ environment, database, buckets }: BackupSource): BackupWanted {
  return {
    environment,
    database: database?.name ?? null,
    buckets: buckets.map(({ name }) => name),
  };
}

/** @throws Fault `config-invalid` */
export function databaseRef({ value, root }: LoadedConfig, name: string): DatabaseRef {
  const { url, service, env } = value.databases?.[name] ?? {};
  if (url !== undefined) return databaseRefOf(url, root);
  if (env !== undefined) return { env };
  if (service !== undefined) return { service };
  throw new Fault('config-invalid', `databases.${name} says neither url, env nor service`);
}

/**
 * @param text `env:NAME`, `file:PATH` or `service:NAME`
 * @throws Fault `usage-invalid`: an address itself would show in the list of processes
 */
export function databaseRefOf(text: string, root: string): DatabaseRef {
  const at = text.indexOf(':');
  const [kind, rest] = [text.slice(0, at), text.slice(at + 1)];
  if (rest !== '' && kind === 'env') return { env: rest };
  if (rest !== '' && kind === 'service') return { service: rest };
  if (rest !== '' && kind === 'file') return { file: resolve(root, rest) };
  throw new Fault(
    'usage-invalid',
    'a database is named as env:NAME, file:PATH or service:NAME, so that no password is in the command',
  );
}

/** @param text `env:NAME` or `file:PATH` */
const absoluteReference = (text: string, root: string): string =>
  text.startsWith('file:') ? `file:${resolve(root, text.slice('file:'.length))}` : text;

function bucketSource({ value, root }: LoadedConfig, name: string): BucketSource[] {
  const found = value.buckets?.[name];
  if (!found) return [];
  const absolute = (text: string) => absoluteReference(text, root);
  const { endpoint, bucket, credentials, prefix = '', references = [], tags = false } = found;
  const versions = found.versions === 'all';
  const keys = credentials && {
    accessKey: absolute(credentials.accessKey),
    secretKey: absolute(credentials.secretKey),
  };
  const ref = { endpoint, bucket, ...(keys && { credentials: keys }) };
  return [{ name, ref, prefix, references, tags, versions }];
}

/** What flags say of a repository. */
export interface RepositoryFlags {
  readonly repository?: string | undefined;
  readonly recipient?: readonly string[] | undefined;
  readonly identity?: string | undefined;
  readonly 'sign-key'?: string | undefined;
  readonly trust?: string | undefined;
}

/**
 * The repository, with to whom it is encrypted, who signs, and whose key opens it.
 * @throws Fault `usage-invalid`, `signers-missing`
 */
export function repositoryPlace(config: LoadedConfig, flags: RepositoryFlags = {}): RepositoryRef {
  const { value, root } = config;
  const configured = value.repository?.encryption;
  const recipients = flags.recipient ?? configured?.recipients;
  const nameKey = configured?.nameKey && absoluteReference(configured.nameKey, root);
  const identity = flags.identity ?? process.env.DEPLOYCHECK_IDENTITY;
  return {
    ...placeOf(config, flags.repository),
    ...signingOf(config, flags),
    ...(recipients && { encryption: { recipients, nameKey } }),
    ...(identity && { identity: resolve(identity) }),
  };
}

/** A flag alone asks for signatures, too. */
function signingOf(
  config: LoadedConfig,
  { 'sign-key': keyFlag, trust }: RepositoryFlags,
): Pick<RepositoryRef, 'signing'> {
  const { value, root } = config;
  const configured = value.repository?.signing;
  if (!configured && keyFlag === undefined && trust === undefined) return {};
  const own = configured?.allowedSigners;
  const allowedSigners =
    trust !== undefined ? resolve(trust) : own ? resolve(root, own) : allowedSignersOf(config);
  if (allowedSigners === undefined) {
    throw new Fault(
      'signers-missing',
      'sets are to be signed, and no allowed-signers file is configured: set repository.signing.allowedSigners',
    );
  }
  const key = configured?.key && resolve(root, expandHome(configured.key));
  return { signing: { key: keyFlag ? resolve(expandHome(keyFlag)) : key, allowedSigners } };
}

function placeOf({ value, root }: LoadedConfig, flag: string | undefined): RepositoryRef {
  if (flag !== undefined) return repositoryRef(flag, process.cwd());
  const url = value.repository?.url;
  if (url === undefined) {
    throw new Fault(
      'usage-invalid',
      'no repository is named: set repository.url, or give --repository',
    );
  }
  return repositoryRef(url, root);
}

/** @throws Error when a duration of a checked configuration is none */
export function backupLimits({ sla, checklist }: Config): BackupLimits {
  const milliseconds = (text: string): number => {
    const parsed = parseDuration(text);
    if (parsed === undefined) throw new Error(`'${text}' passed the schema and is no duration`);
    return parsed;
  };
  return {
    rpoMs: milliseconds(sla.rpo),
    restoreMs: milliseconds(sla.restore),
    evidenceMaxAgeMs: milliseconds(checklist.evidenceMaxAge),
  };
}
