import { readFile } from 'node:fs/promises';
import {
  jobName,
  repositoryMount,
  type Schedule,
  type ScheduledJob,
} from '../backup/schedule/cron-job.ts';
import { cronOf, timeZoneOf } from '../backup/schedule/times.ts';
import type { BackupSource } from '../backup/sources.ts';
import { requireFile } from '../config/load.ts';
import { Fault } from '../core/fault.ts';
import { parseReference } from '../core/reference.ts';
import { backupSource, databaseRefOf, repositoryPlace } from './backup-plan.ts';
import type { CommandContext } from './base.ts';
import type { ClusterFlags } from './cluster.ts';

export interface ScheduleFlags extends ClusterFlags {
  readonly env?: string | undefined;
  readonly repository?: string | undefined;
  readonly image: string;
  readonly secret: string;
  readonly name: string;
  readonly cron: string;
  readonly 'time-zone': string;
  readonly rehearse?: string | undefined;
  readonly 'rehearse-server'?: string | undefined;
  readonly freshness?: string | undefined;
  readonly prune?: string | undefined;
  /** Milliseconds. */
  readonly deadline: number;
  readonly 'volume-claim'?: string | undefined;
  readonly apply: boolean;
  readonly yes: boolean;
}

/** A CronJob adds eleven characters to the name of a job, whose pods have names of at most 63. */
const longestName = 52;
const objectName = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/**
 * What is scheduled, from flags and configuration.
 * @param namespace undefined where the context chooses
 * @throws Fault `usage-invalid`, `reference-invalid`, `config-missing`, `config-invalid`
 */
export async function scheduleOf(
  { config }: CommandContext,
  flags: ScheduleFlags,
  namespace: string | undefined,
): Promise<Schedule> {
  const { file } = requireFile(config);
  parseReference(flags.image);
  const claim = flags['volume-claim'];
  const isFolder = repositoryPlace(config, flags).url.startsWith('file:');
  if (isFolder !== (claim !== undefined)) {
    throw new Fault(
      'usage-invalid',
      isFolder
        ? 'the repository is a folder, which a pod does not have: name the volume with --volume-claim, or a bucket with --repository'
        : '--volume-claim is for a repository in a folder, and this one is in a bucket',
    );
  }
  const place = isFolder ? `file:${repositoryMount}` : flags.repository;
  const common = [
    ...(flags.env === undefined ? [] : ['--env', flags.env]),
    ...(place === undefined ? [] : ['--repository', place]),
  ];
  const schedule: Schedule = {
    name: flags.name,
    namespace,
    image: flags.image,
    secret: flags.secret,
    timeZone: timeZoneOf(flags['time-zone']),
    deadlineSeconds: Math.max(1, Math.round(flags.deadline / 1000)),
    configuration: file === null ? '' : await readFile(file, 'utf8'),
    volumeClaim: claim,
    jobs: jobsOf(flags, common),
  };
  requireNames(schedule);
  return schedule;
}

function jobsOf(flags: ScheduleFlags, common: readonly string[]): ScheduledJob[] {
  const { cron, rehearse, freshness, prune } = flags;
  const server = flags['rehearse-server'];
  // A file or a service would have to be in the image.
  if (server !== undefined) databaseRefOf(server, '/');
  const on = server === undefined ? [] : ['--server', server];
  const job = (suffix: string, at: string | undefined, args: readonly string[], retries: number) =>
    at === undefined
      ? []
      : [{ suffix, cron: cronOf(`--${suffix === '' ? 'cron' : suffix}`, at), args, retries }];
  const withoutEnv = common.slice(flags.env === undefined ? 0 : 2);
  return [
    ...job('', cron, ['backup', 'create', ...common], 1),
    ...job('rehearse', rehearse, ['backup', 'rehearse', ...on, ...common], 1),
    // What is too old now is so a minute later.
    ...job('freshness', freshness, ['backup', 'freshness', ...common], 0),
    ...job('prune', prune, ['backup', 'prune', '--yes', ...withoutEnv], 0),
  ];
}

function requireNames(schedule: Schedule): void {
  const names = schedule.jobs.map((job) => jobName(schedule, job));
  for (const name of names) {
    if (objectName.test(name) && name.length <= longestName) continue;
    throw new Fault(
      'usage-invalid',
      `'${name}' is no name for a CronJob: expected at most ${longestName} of a-z, 0-9 and -, from --name`,
    );
  }
}

/** The variables that the configuration refers to, which the Secret has to hold. */
export function variablesOf(
  { config }: CommandContext,
  flags: Pick<ScheduleFlags, 'env' | 'repository' | 'rehearse-server'>,
): string[] {
  const source: BackupSource = backupSource(config, flags.env);
  const ref = source.database?.ref;
  const texts = [
    ...(ref && 'env' in ref ? [`env:${ref.env}`] : []),
    ...source.buckets.flatMap(({ ref: { endpoint, credentials } }) => [
      endpoint,
      ...Object.values(credentials ?? {}),
    ]),
    flags['rehearse-server'] ?? '',
  ];
  const named = texts.flatMap((text) => (text.startsWith('env:') ? [text.slice(4)] : []));
  const inStore = repositoryPlace(config, flags).url.startsWith('s3:');
  const needsKeys = inStore || source.buckets.some(({ ref: { credentials } }) => !credentials);
  const keys = needsKeys ? ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] : [];
  return [...new Set([...named, ...keys])];
}
