import type { Git, HistoryBlob } from '../../adapters/git/git.ts';
import type { AllowList } from './allow/allow-list.ts';
import type { UnreadFile } from './read-file.ts';
import { createScanner, type Hit, type Scanner } from './scan.ts';

/** A secret that some commit brought. */
export interface PastHit {
  readonly hit: Hit;
  readonly path: string;
  /** The oldest commit that has it at this path. */
  readonly commit: string;
}

/** What the history of a repository holds. */
export interface History {
  readonly hits: readonly PastHit[];
  readonly leftOut: number;
  readonly unread: readonly UnreadFile[];
  readonly commits: number;
  readonly contents: number;
}

export interface HistoryProgress {
  readonly contents: number;
  readonly bytes: number;
}

export interface ReadHistoryOptions {
  readonly folder: string;
  readonly paths: readonly string[];
  readonly signal: AbortSignal;
  readonly allow: readonly AllowList[];
  readonly onProgress: (progress: HistoryProgress) => void;
}

/** More than this many in one history say the same thing again. */
const maxHits = 2000;

/** Contents that cannot be read are named up to this many. */
const maxUnread = 20;

/**
 * Scans every content of a history as it streams by. A secret that many versions of a file hold is one hit, of the
 * oldest commit.
 * @throws what {@link Git.history} throws
 */
export async function readHistory(
  git: Pick<Git, 'history'>,
  options: ReadHistoryOptions,
): Promise<History> {
  const { folder, paths, signal, allow, onProgress } = options;
  const found = new Map<string, PastHit>();
  const unread: UnreadFile[] = [];
  let leftOut = 0;
  let missing = 0;
  let contents = 0;
  let bytes = 0;
  let current: { readonly blob: HistoryBlob; readonly scanner: Scanner } | undefined;
  const { commits, isShallow } = await git.history(folder, paths, signal, {
    begin(blob) {
      const { path, commit } = blob;
      current = { blob, scanner: createScanner({ path, commit, allow }) };
    },
    content(chunk) {
      bytes += chunk.length;
      current?.scanner.feed(chunk);
    },
    end() {
      contents++;
      if (contents % 1000 === 0) onProgress({ contents, bytes });
      if (!current) return;
      const { path, commit } = current.blob;
      const { hits, leftOut: more } = current.scanner.end();
      leftOut += more;
      for (const hit of hits) {
        const key = pastKey(path, hit);
        if (found.has(key)) continue;
        if (found.size < maxHits) found.set(key, { hit, path, commit });
        else leftOut++;
      }
      current = undefined;
    },
    missing({ path, commit }) {
      missing++;
      if (unread.length < maxUnread) {
        unread.push({ path, why: `this clone does not have it as commit ${commit} has it` });
      }
    },
  });
  if (missing > unread.length) {
    unread.push({
      path: 'the history',
      why: `${missing - unread.length} more contents are not in this clone`,
    });
  }
  if (isShallow) {
    unread.push({
      path: 'the history',
      why: 'this clone leaves out older commits; fetch with --unshallow',
    });
  }
  return { hits: [...found.values()], leftOut, unread, commits, contents };
}

/** The same secret at the same place, whatever stands around it. */
export const pastKey = (path: string, { shape, valueHash }: Hit): string =>
  [path, shape, valueHash].join('\0');
