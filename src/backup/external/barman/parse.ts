import { Fault } from '../../../core/fault.ts';
import { type JsonObject, objectOf, objectsOf, textOf } from '../../../core/json.ts';
import { countOf, digitsOf, exactJson, instantOf, secondsOf } from '../exact-json.ts';
import type { ExternalBackup } from '../external.ts';
import { isSegment, lsnOf } from '../wal.ts';

export interface BarmanBackup extends ExternalBackup {
  /** Names of the tablespaces that lie outside of the data directory. */
  readonly tablespaces: readonly string[];
}

/** What Barman calls a state (barman(1)), as far as it can be counted on. */
const states: Readonly<Record<string, ExternalBackup['state']>> = {
  DONE: 'good',
  FAILED: 'failed',
  EMPTY: 'running',
  STARTED: 'running',
  WAITING_FOR_WALS: 'running',
  SYNCING: 'running',
};

const isId = (text: string): boolean => /^[0-9A-Za-z][0-9A-Za-z_]*$/.test(text);

/**
 * The ids that `barman -f json list-backup SERVER` names, oldest first.
 * @throws Fault `tool-failed`, `repository-unreadable`
 */
export function parseList(text: string, server: string): string[] {
  const all = objectOf(exactJson(text, 'barman list-backup'));
  const listed = all?.[server];
  if (!Array.isArray(listed)) throw unreadable(server, all);
  return objectsOf(listed)
    .map(({ backup_id: id }) => textOf(id) ?? '')
    .filter(isId)
    .sort();
}

/** @throws Fault `tool-failed`, `repository-unreadable` */
export function parseBackup(text: string, server: string): BarmanBackup {
  const all = objectOf(exactJson(text, 'barman show-backup'));
  const found = objectOf(all?.[server]);
  const label = textOf(found?.backup_id);
  if (!found || label === undefined || !isId(label)) throw unreadable(server, all);
  const base = objectOf(found.base_backup_information);
  const catalog = objectOf(found.catalog_information);
  const version = countOf(found.postgresql_version);
  const word = textOf(found.status) ?? '';
  const state = states[word] ?? 'unknown';
  const parent = textOf(catalog?.parent_backup_id) ?? textOf(base?.parent_backup_id);
  const kind = textOf(base?.backup_type) ?? textOf(catalog?.backup_type);
  return {
    label,
    type: kind === 'incremental' ? 'incremental' : 'full',
    startedAt: timeOf(base, 'begin'),
    stoppedAt: timeOf(base, 'end'),
    databaseBytes: countOf(base?.cluster_size_bytes) ?? countOf(base?.disk_usage_bytes),
    storedBytes: countOf(base?.incremental_size_bytes) ?? countOf(base?.disk_usage_bytes),
    wal: walOf(base),
    lsn: lsnPair(base),
    builtOn: parent === undefined || !isId(parent) ? [] : [parent],
    systemIdentifier: digitsOf(found.systemid ?? found.system_id ?? base?.systemid),
    serverMajor: version === null ? null : Math.floor(version / 10_000),
    encrypted: encryptionOf(base?.encryption ?? found.encryption),
    state,
    problem: state === 'good' ? null : (textOf(found.error) ?? `Barman says ${word || 'nothing'}`),
    tablespaces: objectsOf(found.tablespaces).flatMap(({ name }) => textOf(name) ?? []),
  };
}

const timeOf = (base: JsonObject | undefined, end: 'begin' | 'end'): string | null =>
  secondsOf(Number(base?.[`${end}_time_timestamp`])) ?? instantOf(base?.[`${end}_time`]);

function walOf(base: JsonObject | undefined): ExternalBackup['wal'] {
  const [first, last] = [textOf(base?.begin_wal) ?? '', textOf(base?.end_wal) ?? ''];
  return isSegment(first) && isSegment(last) ? { first, last } : null;
}

function lsnPair(base: JsonObject | undefined): ExternalBackup['lsn'] {
  const [start, stop] = [textOf(base?.begin_lsn) ?? '', textOf(base?.end_lsn) ?? ''];
  return lsnOf(start) !== undefined && lsnOf(stop) !== undefined ? { start, stop } : null;
}

function encryptionOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' ? !/^(?:none|)$/i.test(value) : null;
}

function unreadable(server: string, all: JsonObject | undefined): Fault {
  const said = all?._ERROR;
  const why = Array.isArray(said) ? said.map(String).join(', ') : 'it says nothing of that server';
  return new Fault('repository-unreadable', `Barman server ${server}: ${why}`);
}
