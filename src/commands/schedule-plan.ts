import { readFile } from 'node:fs/promises';
import {
  jobName,
  type KeyFile,
  keyPath,
  repositoryMount,
  type Schedule,
  type ScheduledJob,
  signersMount,
} from '../backup/schedule/cron-job.ts';
import { cronOf, timeZoneOf } from '../backup/schedule/times.ts';
import { requireFile } from '../config/load.ts';
import { Fault } from '../core/fault.ts';
import { parseReference } from '../core/reference.ts';
import { readAllowedSigners } from '../core/ssh-signature.ts';
import { databaseRefOf, repositoryPlace } from './backup-plan.ts';
import type { CommandContext } from './base.ts';
import type { ClusterFlags } from './cluster.ts';
import { type JobKeys, type KeyFlags, keysOf } from './schedule-keys.ts';

export interface ScheduleFlags extends ClusterFlags, KeyFlags {
  readonly image: string;
  readonly name: string;
  readonly cron: string;
  readonly 'time-zone': string;
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
 * @throws Fault `usage-invalid`, `reference-invalid`, `config-missing`, `config-invalid`, `signers-missing`
 */
export async function scheduleOf(
  { config }: CommandContext,
  flags: ScheduleFlags,
  namespace: string | undefined,
): Promise<Schedule> {
  const { file } = requireFile(config);
  parseReference(flags.image);
  const claim = flags['volume-claim'];
  const repository = repositoryPlace(config, flags);
  const isFolder = repository.url.startsWith('file:');
  if (isFolder !== (claim !== undefined)) {
    throw new Fault(
      'usage-invalid',
      isFolder
        ? 'the repository is a folder, which a pod does not have: name the volume with --volume-claim, or a bucket with --repository'
        : '--volume-claim is for a repository in a folder, and this one is in a bucket',
    );
  }
  const keys = keysOf(repository, flags);
  const { signing } = repository;
  const place = isFolder ? `file:${repositoryMount}` : flags.repository;
  const common = [
    ...(flags.env === undefined ? [] : ['--env', flags.env]),
    ...(place === undefined ? [] : ['--repository', place]),
    ...(signing ? ['--trust', signersMount] : []),
  ];
  const schedule: Schedule = {
    name: flags.name,
    namespace,
    image: flags.image,
    secret: flags.secret,
    timeZone: timeZoneOf(flags['time-zone']),
    deadlineSeconds: Math.max(1, Math.round(flags.deadline / 1000)),
    configuration: file === null ? '' : await readFile(file, 'utf8'),
    signers: signing && (await readAllowedSigners(signing.allowedSigners)),
    volumeClaim: claim,
    jobs: jobsOf(flags, common, keys),
  };
  requireNames(schedule);
  return schedule;
}

function jobsOf(
  flags: ScheduleFlags,
  common: readonly string[],
  { sign, identity }: JobKeys,
): ScheduledJob[] {
  const { cron, rehearse, freshness, prune } = flags;
  const server = flags['rehearse-server'];
  // A file or a service would have to be in the image.
  if (server !== undefined) databaseRefOf(server, '/');
  const on = server === undefined ? [] : ['--server', server];
  const job = (
    suffix: string,
    at: string | undefined,
    args: readonly string[],
    retries: number,
    key?: KeyFile,
  ) =>
    at === undefined
      ? []
      : [{ suffix, cron: cronOf(`--${suffix === '' ? 'cron' : suffix}`, at), args, retries, key }];
  const signing = sign ? ['--sign-key', keyPath(sign)] : [];
  const withoutEnv = common.slice(flags.env === undefined ? 0 : 2);
  return [
    ...job('', cron, ['backup', 'create', ...signing, ...common], 1, sign),
    ...job('rehearse', rehearse, ['backup', 'rehearse', ...on, ...common], 1, identity),
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
