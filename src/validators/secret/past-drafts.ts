import type { Draft } from '../../core/finding.ts';
import { draftsOfScan } from './drafts.ts';
import { type PastHit, pastKey } from './history.ts';
import type { FileSet } from './load.ts';

const shortHash = 12;

/** The oldest commit that has a secret which is still in the files, by {@link pastKey}. */
export function commitsOf({ history }: Pick<FileSet, 'history'>): ReadonlyMap<string, string> {
  return new Map(
    history?.hits.map(({ path, hit, commit }) => [pastKey(path, hit), commit.slice(0, shortHash)]),
  );
}

/** What was found in the history and is no longer in the files. */
export function pastHits({
  history,
  files,
}: Pick<FileSet, 'history' | 'files'>): readonly PastHit[] {
  if (!history) return [];
  const live = new Set(
    files.flatMap(({ path, secrets }) => secrets.hits.map((hit) => pastKey(path, hit))),
  );
  return history.hits.filter(({ path, hit }) => !live.has(pastKey(path, hit)));
}

/** Says where to look for it: `git show COMMIT:PATH` has the line. */
export function pastDraft({ hit, path, commit }: PastHit): Draft | undefined {
  const short = commit.slice(0, shortHash);
  const where = hit.line === null ? path : `${path}, line ${hit.line}`;
  const [draft] = draftsOfScan(
    { hits: [hit], leftOut: 0 },
    {
      name: `${where} of commit ${short} (gone since, and still in the history)`,
      location: { file: path },
    },
  );
  // A value that a person chose is in no fingerprint, so the commit tells two of them apart.
  const value = hit.chosen ? commit : hit.valueHash;
  return draft && { ...draft, identity: ['history', hit.shape, value, path].join('\0') };
}
