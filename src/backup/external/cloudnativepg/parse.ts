import { type JsonObject, objectOf, objectsOf, textOf } from '../../../core/json.ts';
import { digitsOf, instantOf } from '../exact-json.ts';
import { type ExternalBackup, unknownArchive, type WalArchive } from '../external.ts';
import { isSegment, lsnOf } from '../wal.ts';

/** Phases of a Backup (`api/v1/backup_types.go` of CloudNativePG). */
const phases: Readonly<Record<string, ExternalBackup['state']>> = {
  completed: 'good',
  failed: 'failed',
  walArchivingFailing: 'failed',
  pending: 'running',
  started: 'running',
  running: 'running',
  finalizing: 'running',
};

export interface ClusterState {
  readonly systemIdentifier: string | null;
  readonly serverMajor: number | null;
  /** ISO 8601: what is older is of another cluster that had its name. */
  readonly createdAt: string | null;
  readonly archiving: WalArchive;
  readonly encrypted: boolean | null;
}

/** What a `Cluster` says of itself. */
export function clusterState(cluster: JsonObject): ClusterState {
  const status = objectOf(cluster.status);
  const spec = objectOf(cluster.spec);
  const archiving = conditionOf(status, 'ContinuousArchiving');
  const unknown = 'CloudNativePG does not say which segments are archived';
  const told = unknownArchive(
    archiving ? unknown : 'the cluster has no condition ContinuousArchiving',
  );
  const store = objectOf(objectOf(spec?.backup)?.barmanObjectStore);
  const isOneCluster = conditionOf(status, 'ConsistentSystemID')?.status !== 'False';
  return {
    systemIdentifier: isOneCluster ? digitsOf(status?.systemID) : null,
    createdAt: instantOf(objectOf(cluster.metadata)?.creationTimestamp),
    serverMajor: majorOf(spec, status),
    archiving:
      archiving?.status === 'False'
        ? { ...told, failing: textOf(archiving.message) || 'it does not say why' }
        : told,
    encrypted: textOf(objectOf(store?.data)?.encryption) === undefined ? null : true,
  };
}

function majorOf(spec: JsonObject | undefined, status: JsonObject | undefined): number | null {
  const info = objectOf(status?.pgDataImageInfo)?.majorVersion;
  if (typeof info === 'number') return info;
  const image = textOf(status?.image) ?? textOf(spec?.imageName) ?? '';
  const tag = /:(\d+)(?:[.\-@]|$)/.exec(image)?.[1];
  return tag === undefined ? null : Number(tag);
}

function conditionOf(status: JsonObject | undefined, type: string): JsonObject | undefined {
  return objectsOf(status?.conditions).find((condition) => condition.type === type);
}

/** The backups of a cluster, oldest first. */
export function parseBackups(
  objects: readonly JsonObject[],
  cluster: string,
  { systemIdentifier, serverMajor, createdAt, encrypted }: ClusterState,
): ExternalBackup[] {
  return objects
    .filter((object) => objectOf(objectOf(object.spec)?.cluster)?.name === cluster)
    .flatMap((object): ExternalBackup[] => {
      const label = textOf(objectOf(object.metadata)?.name);
      if (label === undefined) return [];
      const status = objectOf(object.status);
      const phase = textOf(status?.phase) ?? '';
      const state = phases[phase] ?? 'unknown';
      const said = textOf(status?.error) || `its phase is ${phase || 'not told'}`;
      const own = textOf(status?.encryption);
      const startedAt = instantOf(status?.startedAt);
      const isOfIt = startedAt !== null && createdAt !== null && startedAt >= createdAt;
      return [
        {
          label,
          type: 'full',
          startedAt,
          stoppedAt: instantOf(status?.stoppedAt),
          databaseBytes: null,
          storedBytes: null,
          wal: pair(status, 'beginWal', 'endWal', isSegment, (first, last) => ({ first, last })),
          lsn: pair(status, 'beginLSN', 'endLSN', isLsn, (start, stop) => ({ start, stop })),
          builtOn: [],
          systemIdentifier: isOfIt ? systemIdentifier : null,
          serverMajor: isOfIt ? serverMajor : null,
          encrypted: own === undefined || own === '' ? encrypted : true,
          state,
          problem: state === 'good' ? null : said,
        },
      ];
    })
    .sort((a, b) => ((a.stoppedAt ?? '') < (b.stoppedAt ?? '') ? -1 : 1));
}

const isLsn = (text: string): boolean => lsnOf(text) !== undefined;

function pair<T>(
  status: JsonObject | undefined,
  first: string,
  last: string,
  isOne: (text: string) => boolean,
  make: (first: string, last: string) => T,
): T | null {
  const [a, b] = [textOf(status?.[first]) ?? '', textOf(status?.[last]) ?? ''];
  return isOne(a) && isOne(b) ? make(a, b) : null;
}

/** Why the schedules of a cluster make no backups; null when one does, or it has none. */
export function scheduleProblem(objects: readonly JsonObject[], cluster: string): string | null {
  const own = objects.filter(
    (object) => objectOf(objectOf(object.spec)?.cluster)?.name === cluster,
  );
  if (own.length === 0) return null;
  const suspended = own.filter((object) => objectOf(object.spec)?.suspend === true);
  return suspended.length === own.length
    ? 'every ScheduledBackup of the cluster is suspended'
    : null;
}
