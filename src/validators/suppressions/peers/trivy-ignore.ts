import { matchesGlob } from 'node:path/posix';
import { parseYaml } from '../../../config/yaml-source.ts';
import type { Location } from '../../../core/finding.ts';
import { objectOf, textsOf } from '../../../core/json.ts';
import type { KnownVulnerability } from '../../supply-chain/known.ts';
import { idsOf } from '../../supply-chain/known.ts';
import { means, parsePurl } from '../../supply-chain/purl.ts';

/** What an entry is about; in `.trivyignore` it is about whatever has such an id. */
export type IgnoredKind = 'any' | 'vulnerability' | 'misconfiguration' | 'secret' | 'license';

export interface IgnoreEntry {
  readonly kind: IgnoredKind;
  /** Empty for every id, where paths or package URLs say what is meant. */
  readonly id: string;
  /** Globs over the places in the image; empty for all. */
  readonly paths: readonly string[];
  readonly purls: readonly string[];
  readonly statement: string;
  /** The moment it ends; null for good. */
  readonly until: string | null;
  readonly location: Location;
}

export interface IgnoreFile {
  readonly entries: readonly IgnoreEntry[];
  /** What is written there and has no effect. */
  readonly problems: readonly { readonly text: string; readonly location: Location }[];
}

/**
 * `.trivyignore`: an id a line, `#` at the start for a comment, `exp:YYYY-MM-DD` anywhere behind the id.
 * What else stands behind it is not looked at
 * (https://trivy.dev/latest/docs/configuration/filtering/#trivyignore).
 */
export function readTrivyIgnore(text: string, file: string): IgnoreFile {
  const entries: IgnoreEntry[] = [];
  const problems: { text: string; location: Location }[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const location = { file, line: index + 1, column: line.indexOf(trimmed) + 1 };
    const [id = '', ...rest] = trimmed.split(/\s+/);
    const date = rest.find((word) => word.startsWith('exp:'))?.slice('exp:'.length);
    const until = date === undefined ? null : startOf(date);
    if (until === undefined) {
      problems.push({ text: `${id}: "exp:${date}" is no day such as exp:2027-01-31`, location });
    } else {
      entries.push({ kind: 'any', id, paths: [], purls: [], statement: '', until, location });
    }
  }
  return { entries, problems };
}

const sections = {
  vulnerabilities: 'vulnerability',
  misconfigurations: 'misconfiguration',
  secrets: 'secret',
  licenses: 'license',
} as const satisfies Record<string, IgnoredKind>;

/** `.trivyignore.yaml`; a file that is wrong anywhere is refused as a whole, as Trivy does. */
export function readTrivyIgnoreYaml(text: string, file: string): IgnoreFile {
  const [document] = parseYaml(text);
  const [broken] = document?.problems ?? [];
  if (broken) return refused(broken.message, { file, line: broken.line, column: broken.column });
  if (!document || document.value === null || document.value === undefined) {
    return { entries: [], problems: [] };
  }
  const top = objectOf(document.value);
  if (!top) return refused('expected a mapping', { file, ...document.start });
  const entries: IgnoreEntry[] = [];
  for (const [section, kind] of Object.entries(sections)) {
    const list = top[section] ?? [];
    if (!Array.isArray(list)) {
      return refused(`${section}: expected a list`, { file, ...document.locate([section]) });
    }
    for (const [index, value] of list.entries()) {
      const location = { file, ...document.locate([section, index]) };
      const entry = entryOf(value, kind, location);
      if (typeof entry === 'string') return refused(`${section}[${index}]: ${entry}`, location);
      entries.push(entry);
    }
  }
  return { entries, problems: [] };
}

function refused(text: string, location: Location): IgnoreFile {
  return { entries: [], problems: [{ text, location }] };
}

/** The entry, or what is wrong with it. */
function entryOf(value: unknown, kind: IgnoredKind, location: Location): IgnoreEntry | string {
  const object = objectOf(value);
  if (!object) return 'expected a mapping';
  const id = object.id ?? '';
  if (typeof id !== 'string') return 'id: expected a text';
  const paths = textsOf(object.paths ?? []);
  const purls = textsOf(object.purls ?? []);
  if (!paths) return 'paths: expected a list of texts';
  if (!purls) return 'purls: expected a list of texts';
  const bad = purls.find((purl) => parsePurl(purl) === undefined);
  if (bad !== undefined) return `purls: "${bad}" is no package URL`;
  if (id === '' && paths.length + purls.length === 0) return 'expected an id, paths or purls';
  const date = object.expired_at ?? null;
  const until = date === null ? null : startOf(String(date));
  if (until === undefined) return 'expired_at: expected a day such as 2027-01-31';
  const statement = typeof object.statement === 'string' ? object.statement.trim() : '';
  return { kind, id, paths, purls, statement, until, location };
}

/** Trivy takes a day for its first moment in UTC, from which on the entry does not count. */
function startOf(date: string): string | undefined {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(date);
  if (!isDay && !/^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}/.test(date)) return undefined;
  const moment = new Date(isDay ? `${date}T00:00:00Z` : date);
  if (Number.isNaN(moment.getTime())) return undefined;
  const text = moment.toISOString();
  // The parser takes February 30 for the second of March.
  return isDay && !text.startsWith(date) ? undefined : text;
}

/** Whether an entry is about a vulnerability, in every place it was found at. */
export function covers(entry: IgnoreEntry, vulnerability: KnownVulnerability): boolean {
  if (entry.kind !== 'any' && entry.kind !== 'vulnerability') return false;
  if (entry.id !== '' && !idsOf(vulnerability).includes(entry.id)) return false;
  const { paths, purls } = vulnerability;
  const fitsPath =
    entry.paths.length === 0 ||
    (paths.length > 0 &&
      paths.every((path) => entry.paths.some((glob) => matchesGlob(path, glob))));
  const fitsPurl =
    entry.purls.length === 0 ||
    purls.length === 0 ||
    purls.some((purl) => entry.purls.some((pattern) => means(pattern, purl)));
  return fitsPath && fitsPurl;
}
