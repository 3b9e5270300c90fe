import { randomBytes } from 'node:crypto';
import { repositoryFolders } from '../repository/repository.ts';

const pattern =
  /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z-[A-Za-z0-9_]{1,40}-[0-9a-f]{8}$/;

/**
 * `20261121T151500123Z-shop-5f0c9a1e`: sorts by time, says of which database, and no two runs share
 * one, whatever their clocks say.
 */
export function newSetId(now: Date, database: string): string {
  const stamp = now.toISOString().replace(/[-:.]/g, '');
  const name = database.replaceAll(/[^A-Za-z0-9_]/g, '_').slice(0, 40) || '_';
  return `${stamp}-${name}-${randomBytes(4).toString('hex')}`;
}

/** When the set was begun, as its maker's clock said. */
export function timeOfSet(set: string): Date {
  return new Date(set.replace(pattern, '$1-$2-$3T$4:$5:$6.$7Z'));
}

export const isSetId = (text: string): boolean => pattern.test(text);

/** Key of a file of a set. */
export const setKey = (set: string, file: string): string =>
  `${repositoryFolders.sets}${set}/${file}`;

/** Key of what is said about a set later: `<set>-<time>.json`. */
export function reportKey(folder: 'rehearsals' | 'verifications', set: string, at: Date): string {
  const stamp = at.toISOString().replace(/[-:.]/g, '');
  return `${repositoryFolders[folder]}${set}-${stamp}.json`;
}

/** The inverse of {@link reportKey}: the set it is about. */
export function setOfReport(key: string): string | undefined {
  const match = /\/(.+)-\d{8}T\d{9}Z\.json$/.exec(key);
  return match?.[1] !== undefined && isSetId(match[1]) ? match[1] : undefined;
}

export const setFiles = {
  started: 'started.json',
  manifest: 'manifest.json',
  signature: 'manifest.json.sig',
  sums: 'SHA256SUMS',
} as const;

/** Names of the files of a set before compression and encryption add to them. */
export const contentNames = {
  dump: 'database.dump',
  schema: 'schema.sql',
  globals: 'globals.sql',
  details: 'details.json',
} as const;
