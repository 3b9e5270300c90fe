import { Fault } from '../../../core/fault.ts';
import {
  type JsonObject,
  objectOf,
  objectsOf,
  parseObject,
  textOf,
  textsOf,
} from '../../../core/json.ts';
import { countOf, digitsOf, exactJson, instantOf } from '../exact-json.ts';
import type { ExternalBackup, WalArchive } from '../external.ts';
import { isSegment, lsnOf } from '../wal.ts';

/**
 * Reads what `wal-g backup-list --detail --json` prints, oldest first. WAL-G lists a backup once it is
 * whole: its sentinel is written last.
 * @throws Fault `tool-failed`
 */
export function parseList(text: string): ExternalBackup[] {
  // It prints nothing, or null, when there are none.
  const all = text.trim() === '' ? [] : exactJson(text, 'wal-g backup-list');
  if (all !== null && !Array.isArray(all)) {
    throw new Fault('tool-failed', 'wal-g backup-list prints no list of backups');
  }
  return objectsOf(all ?? [])
    .flatMap(backupOf)
    .sort((a, b) => ((a.stoppedAt ?? a.label) < (b.stoppedAt ?? b.label) ? -1 : 1));
}

/** `base_` and the first segment; a delta says besides which segment its base begins with. */
const name = /^base_([0-9A-F]{24})(?:_D_([0-9A-F]{24}))?$/;

function backupOf(entry: JsonObject): ExternalBackup[] {
  const label = textOf(entry.backup_name) ?? textOf(entry.name) ?? '';
  const match = name.exec(label);
  if (!match) return [];
  const [, first = '', base] = match;
  const version = countOf(entry.pg_version);
  const [start, stop] = [lsnText(entry.start_lsn), lsnText(entry.finish_lsn)];
  const last = textOf(entry.finish_wal_file_name) ?? '';
  return [
    {
      label,
      type: base === undefined ? 'full' : 'incremental',
      startedAt: instantOf(entry.start_time),
      stoppedAt: instantOf(entry.finish_time),
      databaseBytes: countOf(entry.uncompressed_size),
      storedBytes: countOf(entry.compressed_size),
      wal: { first, last: isSegment(last) ? last : first },
      lsn: start !== null && stop !== null ? { start, stop } : null,
      builtOn: base === undefined ? [] : [`base_${base}`],
      systemIdentifier: digitsOf(entry.system_identifier),
      serverMajor: version === null ? null : Math.floor(version / 10_000),
      encrypted: null,
      state: 'good',
      problem: null,
    },
  ];
}

/**
 * Whether a sentinel names tablespaces outside of the data directory.
 * @returns undefined when it does not say
 */
export function hasTablespaces(text: string): boolean | undefined {
  const spec = parseObject(text)?.Spec;
  if (spec === null) return false;
  const names = objectOf(spec)?.tablespaces;
  return Array.isArray(names) ? names.length > 0 : undefined;
}

/** WAL-G prints a position as a number. */
function lsnText(value: unknown): string | null {
  if (typeof value === 'string' && lsnOf(value) !== undefined) return value;
  const digits = digitsOf(value);
  if (digits === null) return null;
  const position = BigInt(digits);
  return `${(position >> 32n).toString(16)}/${(position & 0xffffffffn).toString(16)}`.toUpperCase();
}

/**
 * Reads what `wal-g wal-show --detailed-json` prints: a timeline each, with what is missing.
 * @param from segment that a backup begins with
 * @throws Fault `tool-failed`
 */
export function parseShow(text: string, from: string): WalArchive {
  const all = exactJson(text, 'wal-g wal-show');
  if (!Array.isArray(all)) throw new Fault('tool-failed', 'wal-g wal-show prints no timelines');
  const timelines = objectsOf(all).filter(({ end_segment: end }) => (textOf(end) ?? '') >= from);
  const missing = timelines.flatMap((entry) => textsOf(entry.missing_segments) ?? []);
  const untold = timelines.find(
    ({ status, missing_segments: list }) =>
      !['OK', 'LOST_SEGMENTS'].includes(textOf(status) ?? '') ||
      (list !== null && textsOf(list) === undefined),
  );
  const last =
    timelines
      .map(({ end_segment: end }) => textOf(end) ?? '')
      .sort()
      .at(-1) ?? null;
  const after = missing.filter((segment) => isSegment(segment) && segment >= from).sort();
  const starts = timelines.some(
    (entry) => objectOf(entry) && (textOf(entry.start_segment) ?? '~') <= from,
  );
  const lost = starts ? after : [from, ...after];
  return {
    last: last !== null && isSegment(last) ? last : null,
    missing: lost.length,
    examples: lost.slice(0, 10),
    failing: null,
    unknown: untold ? `WAL-G says of a timeline: ${textOf(untold.status) ?? 'nothing'}` : null,
  };
}
