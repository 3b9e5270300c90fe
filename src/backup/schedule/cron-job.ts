import type { KubeObject } from '../../adapters/kube/kube.ts';

/** What a schedule needs to be told. */
export interface Schedule {
  /** Of the objects; those of further jobs begin with it. */
  readonly name: string;
  /** None where the context chooses. */
  readonly namespace: string | undefined;
  /** An image with deploycheck and the PostgreSQL client on its PATH. */
  readonly image: string;
  /** Secret whose keys become the environment variables that the configuration refers to. */
  readonly secret: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Seconds after which a job is ended; without an end, one that hangs keeps all later ones away. */
  readonly deadlineSeconds: number;
  /** Text of deploycheck.yaml. */
  readonly configuration: string;
  /** Text of an allowed-signers file; undefined where sets need no signature. */
  readonly signers: string | undefined;
  /** Claim of the volume that holds the repository; undefined for a bucket. */
  readonly volumeClaim: string | undefined;
  readonly jobs: readonly ScheduledJob[];
}

export interface ScheduledJob {
  /** After the name of the schedule; empty for the backup itself. */
  readonly suffix: string;
  /** Five fields. */
  readonly cron: string;
  /** Words after `deploycheck`. */
  readonly args: readonly string[];
  /** How often a job that failed is tried again. */
  readonly retries: number;
  /** Mounted for this job alone. */
  readonly key?: KeyFile | undefined;
}

/** A key of a Secret that a job reads as a file. */
export interface KeyFile {
  readonly secret: string;
  readonly key: string;
  /** Environment variable that has its path; none where an argument has it. */
  readonly variable?: string;
}

/** Where the volume of a repository is mounted. */
export const repositoryMount = '/repository';
const configMount = '/etc/deploycheck';
const signersKey = 'allowed_signers';
/** Where the allowed-signers file of a schedule is. */
export const signersMount = `${configMount}/${signersKey}`;
const keyMount = '/etc/deploycheck-key';
/** Where a job finds its {@link KeyFile}. */
export const keyPath = ({ key }: Pick<KeyFile, 'key'>): string => `${keyMount}/${key}`;

/** A ConfigMap with the configuration, and a CronJob for each job. */
export function scheduleObjects(schedule: Schedule): KubeObject[] {
  const { name, configuration, signers, jobs } = schedule;
  const config: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(name, schedule),
    data: {
      'deploycheck.yaml': configuration,
      ...(signers !== undefined && { [signersKey]: signers }),
    },
  };
  return [config, ...jobs.map((job) => cronJob(schedule, job))];
}

export const jobName = ({ name }: Pick<Schedule, 'name'>, { suffix }: ScheduledJob): string =>
  suffix === '' ? name : `${name}-${suffix}`;

const labelsOf = (instance: string) => ({
  'app.kubernetes.io/name': 'deploycheck',
  'app.kubernetes.io/component': 'backup',
  'app.kubernetes.io/instance': instance,
});

function metadataOf(name: string, { name: instance, namespace }: Schedule) {
  return { name, ...(namespace !== undefined && { namespace }), labels: labelsOf(instance) };
}

function cronJob(schedule: Schedule, job: ScheduledJob): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadataOf(jobName(schedule, job), schedule),
    spec: {
      schedule: job.cron,
      timeZone: schedule.timeZone,
      concurrencyPolicy: 'Forbid',
      // A job that is late by less is made up for; after long outages Kubernetes would give up for good.
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels: labelsOf(schedule.name) },
        spec: {
          backoffLimit: job.retries,
          activeDeadlineSeconds: schedule.deadlineSeconds,
          template: {
            metadata: { labels: labelsOf(schedule.name) },
            spec: podSpec(schedule, job),
          },
        },
      },
    },
  };
}

function podSpec(schedule: Schedule, { args, key }: ScheduledJob) {
  const { name, image, secret, volumeClaim } = schedule;
  const repository =
    volumeClaim === undefined
      ? []
      : [{ name: 'repository', persistentVolumeClaim: { claimName: volumeClaim } }];
  return {
    restartPolicy: 'Never',
    // It asks the API server for nothing.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // Time to remove what a run that is ended has begun.
    terminationGracePeriodSeconds: 120,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10001,
      runAsGroup: 10001,
      fsGroup: 10001,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'deploycheck',
        image,
        command: ['deploycheck'],
        args: [...args, '--config', `${configMount}/deploycheck.yaml`],
        env: [
          { name: 'HOME', value: '/tmp' },
          { name: 'DEPLOYCHECK_HOME', value: '/tmp/deploycheck' },
          ...(key?.variable === undefined ? [] : [{ name: key.variable, value: keyPath(key) }]),
        ],
        envFrom: [{ secretRef: { name: secret } }],
        resources: {
          requests: { cpu: '250m', memory: '256Mi' },
          limits: { cpu: '2', memory: '1Gi' },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'config', mountPath: configMount, readOnly: true },
          { name: 'tmp', mountPath: '/tmp' },
          ...(key ? [{ name: 'key', mountPath: keyMount, readOnly: true }] : []),
          ...repository.map((volume) => ({ name: volume.name, mountPath: repositoryMount })),
        ],
      },
    ],
    volumes: [
      { name: 'config', configMap: { name } },
      { name: 'tmp', emptyDir: {} },
      ...(key ? [{ name: 'key', secret: keyVolume(key) }] : []),
      ...repository,
    ],
  };
}

/** That of the owner and the group of the pod: ssh-keygen takes no key that others may read. */
const keyMode = 0o440;

const keyVolume = ({ secret, key }: KeyFile) => ({
  secretName: secret,
  defaultMode: keyMode,
  items: [{ key, path: key }],
});
