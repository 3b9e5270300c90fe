import { Fault } from '../../../core/fault.ts';
import { type JsonObject, objectOf, objectsOf, textOf, textsOf } from '../../../core/json.ts';
import { countOf, digitsOf, exactJson, secondsOf } from '../exact-json.ts';
import type { ExternalBackup } from '../external.ts';
import { isSegment, lsnOf } from '../wal.ts';

export interface PgBackRestBackup extends ExternalBackup {
  /** Number of the repository that holds it. */
  readonly repo: number;
  /** The folder of its segments, such as `15-1`; null when the tool does not say. */
  readonly archiveId: string | null;
}

const types: Readonly<Record<string, ExternalBackup['type']>> = {
  full: 'full',
  diff: 'differential',
  incr: 'incremental',
};

/** Status codes of `pgbackrest info` that say what there is; every other one is a failure to look. */
const looked = { ok: 0, noBackups: 2 };

/**
 * Reads what `pgbackrest info --output=json` prints.
 * @param repo number of the only repository to look at
 * @returns oldest first
 * @throws Fault `tool-failed`, `repository-unreadable`
 */
export function parseInfo(
  text: string,
  { stanza, repo }: { readonly stanza: string; readonly repo: number | null },
): PgBackRestBackup[] {
  const found = objectsOf(exactJson(text, 'pgbackrest info')).find(({ name }) => name === stanza);
  if (!found) throw unreadable(stanza, 'it is not among those that it lists');
  const repos = objectsOf(found.repo).filter(({ key }) => repo === null || key === repo);
  const status = objectOf((repo === null ? found : repos[0])?.status);
  if (status?.code !== looked.ok && status?.code !== looked.noBackups) {
    // One of several repositories may fail and the others be well: its own words are told then.
    const failed = repos
      .map((entry) => objectOf(entry.status))
      .filter((entry) => entry?.code !== 0);
    const said = [status, ...failed].map((entry) => textOf(entry?.message));
    throw unreadable(stanza, [...new Set(said.filter(Boolean))].join(', ') || 'it gives no status');
  }
  return objectsOf(found.backup)
    .flatMap((entry) => backupOf(entry, found))
    .filter((backup) => repo === null || backup.repo === repo)
    .sort((a, b) => order(a).localeCompare(order(b)));
}

const order = ({ stoppedAt, label }: ExternalBackup): string => `${stoppedAt ?? ''} ${label}`;

const unreadable = (stanza: string, why: string): Fault =>
  new Fault('repository-unreadable', `pgBackRest stanza ${stanza}: ${why}`);

function backupOf(entry: JsonObject, stanza: JsonObject): PgBackRestBackup[] {
  const label = textOf(entry.label);
  const of = objectOf(entry.database);
  // Written by pgBackRest; anything else under that name would be an argument of ours later.
  if (label === undefined || !/^[0-9A-Za-z][0-9A-Za-z_-]*$/.test(label)) return [];
  const repo = countOf(of?.['repo-key']) ?? 1;
  const isOf = (candidate: JsonObject | undefined, id: unknown) =>
    id === of?.id && (countOf(candidate?.['repo-key']) ?? 1) === repo;
  const database = objectsOf(stanza.db).find((db) => isOf(db, db.id));
  const archive = objectsOf(stanza.archive).find(({ database: db }) =>
    isOf(objectOf(db), objectOf(db)?.id),
  );
  const cipher = objectsOf(stanza.repo).find(({ key }) => key === repo)?.cipher ?? stanza.cipher;
  const info = objectOf(entry.info);
  const time = objectOf(entry.timestamp);
  const prior = textOf(entry.prior);
  const major = Number.parseInt(textOf(database?.version) ?? '', 10);
  return [
    {
      label,
      repo,
      archiveId: archiveIdOf(archive?.id),
      type: types[textOf(entry.type) ?? ''] ?? 'unknown',
      startedAt: secondsOf(time?.start),
      stoppedAt: secondsOf(time?.stop),
      databaseBytes: countOf(info?.size),
      storedBytes: countOf(objectOf(info?.repository)?.delta),
      wal: walOf(objectOf(entry.archive)),
      lsn: lsnPair(objectOf(entry.lsn)),
      builtOn: textsOf(entry.reference) ?? (prior === undefined ? [] : [prior]),
      systemIdentifier: digitsOf(database?.['system-id']),
      serverMajor: Number.isNaN(major) ? null : major,
      encrypted: typeof cipher === 'string' ? cipher !== 'none' : null,
      ...stateOf(entry.error),
    },
  ];
}

function stateOf(error: unknown): Pick<ExternalBackup, 'state' | 'problem'> {
  if (error === false) return { state: 'good', problem: null };
  if (error === true) return { state: 'failed', problem: 'it met pages with a wrong checksum' };
  return { state: 'unknown', problem: 'pgBackRest does not say whether pages were damaged' };
}

function archiveIdOf(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9][0-9.]*-\d+$/.test(value) ? value : null;
}

function walOf(archive: JsonObject | undefined): ExternalBackup['wal'] {
  const [first, last] = [textOf(archive?.start) ?? '', textOf(archive?.stop) ?? ''];
  return isSegment(first) && isSegment(last) ? { first, last } : null;
}

function lsnPair(lsn: JsonObject | undefined): ExternalBackup['lsn'] {
  const [start, stop] = [textOf(lsn?.start) ?? '', textOf(lsn?.stop) ?? ''];
  return lsnOf(start) !== undefined && lsnOf(stop) !== undefined ? { start, stop } : null;
}

/**
 * Name of a segment in a line of `pgbackrest repo-ls`, which carries the checksum of the file:
 * `0000000100000000/000000010000000000000002-6ccafce7….lz4`.
 */
export function segmentInLine(line: string): string | undefined {
  return /(?:^|\/)([0-9A-F]{24})-[0-9a-f]{40}(?:\.(?:gz|lz4|zst|bz2))?$/.exec(line)?.[1];
}

/** Name of a history file in such a line. */
export function historyInLine(line: string): string | undefined {
  return /(?:^|\/)([0-9A-F]{8}\.history)$/.exec(line)?.[1];
}
