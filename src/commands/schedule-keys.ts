import type { KeyFile } from '../backup/schedule/cron-job.ts';
import type { BackupSource, RepositoryRef } from '../backup/sources.ts';
import { Fault } from '../core/fault.ts';
import { backupSource, repositoryPlace } from './backup-plan.ts';
import type { CommandContext } from './base.ts';

/** Flags that say which keys jobs need, and from where. */
export interface KeyFlags {
  readonly env?: string | undefined;
  readonly repository?: string | undefined;
  readonly secret: string;
  readonly rehearse?: string | undefined;
  readonly 'rehearse-server'?: string | undefined;
  readonly 'sign-key-secret'?: string | undefined;
  readonly 'identity-secret'?: string | undefined;
}

export interface JobKeys {
  readonly sign: KeyFile | undefined;
  readonly identity: KeyFile | undefined;
}

/**
 * What jobs read as files: each in the one job that needs it, for whoever makes sets must not read them.
 * @throws Fault `usage-invalid`, `config-invalid`
 */
export function keysOf({ encryption, signing }: RepositoryRef, flags: KeyFlags): JobKeys {
  if (encryption && !encryption.nameKey?.startsWith('env:')) {
    throw new Fault(
      'config-invalid',
      'repository.encryption.nameKey: every pod starts on a fresh machine, and would store all objects again; set it to env:NAME, of the Secret',
    );
  }
  const keyOf = (flag: 'sign-key-secret' | 'identity-secret', needed: boolean, what: string) => {
    const secret = flags[flag];
    if (needed !== (secret !== undefined)) {
      throw new Fault('usage-invalid', `--${flag}: ${what}`);
    }
    if (secret === undefined || secret !== flags.secret) return secret;
    const why = `the keys of ${secret} become environment variables of every job: give it another`;
    throw new Fault('usage-invalid', `--${flag}: ${why}`);
  };
  const signed = signing
    ? 'sets of this repository are signed: name the Secret that holds the SSH key'
    : 'sets of this repository are not signed: set repository.signing';
  const sealed =
    encryption && flags.rehearse !== undefined
      ? 'a rehearsal opens encrypted sets: name the Secret that holds the identity of age'
      : 'only a rehearsal of encrypted sets needs an identity';
  const sign = keyOf('sign-key-secret', signing !== undefined, signed);
  const opens = encryption !== undefined && flags.rehearse !== undefined;
  const identity = keyOf('identity-secret', opens, sealed);
  return {
    sign: sign === undefined ? undefined : { secret: sign, key: 'sign-key' },
    identity:
      identity === undefined
        ? undefined
        : { secret: identity, key: 'identity', variable: 'DEPLOYCHECK_IDENTITY' },
  };
}

/** What Secrets have to hold: the variables that the configuration refers to, and files of jobs. */
export function needsOf(context: CommandContext, flags: KeyFlags): string[] {
  const { sign, identity } = keysOf(repositoryPlace(context.config, flags), flags);
  const has = (secret: string, keys: readonly string[], what: string) =>
    `the Secret ${secret} has to hold${what}: ${keys.join(', ') || 'nothing'}`;
  return [
    has(flags.secret, variablesOf(context, flags), ''),
    ...(sign ? [has(sign.secret, [sign.key], ' the SSH key that signs')] : []),
    ...(identity ? [has(identity.secret, [identity.key], ' the identity file of age')] : []),
  ];
}

function variablesOf({ config }: CommandContext, flags: KeyFlags): string[] {
  const source: BackupSource = backupSource(config, flags.env);
  const repository = repositoryPlace(config, flags);
  const ref = source.database?.ref;
  const texts = [
    ...(ref && 'env' in ref ? [`env:${ref.env}`] : []),
    ...source.buckets.flatMap(({ ref: { endpoint, credentials } }) => [
      endpoint,
      ...Object.values(credentials ?? {}),
    ]),
    flags['rehearse-server'] ?? '',
    repository.encryption?.nameKey ?? '',
  ];
  const named = texts.flatMap((text) => (text.startsWith('env:') ? [text.slice(4)] : []));
  const inStore = repository.url.startsWith('s3:');
  const needsKeys = inStore || source.buckets.some(({ ref: { credentials } }) => !credentials);
  const keys = needsKeys ? ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] : [];
  return [...new Set([...named, ...keys])];
}
