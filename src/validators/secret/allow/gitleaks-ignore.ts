export const ignoreFile = '.gitleaksignore';

/** A fingerprint of gitleaks: `file:rule:line`, or `commit:file:rule:line` for its history. */
export interface IgnoreEntry {
  readonly commit: string | null;
  readonly path: string;
  readonly rule: string;
  readonly line: number;
  /** Where it is written, from 1. */
  readonly at: number;
}

export interface IgnoreProblem {
  readonly at: number;
  readonly why: string;
}

export interface IgnoreFile {
  readonly entries: readonly IgnoreEntry[];
  readonly problems: readonly IgnoreProblem[];
}

/** Lines; more are no list a person keeps. */
const maxLines = 100_000;

/** `.gitleaksignore`: a fingerprint a line; empty lines and those that begin with `#` say nothing. */
export function parseGitleaksIgnore(text: string): IgnoreFile {
  const entries: IgnoreEntry[] = [];
  const problems: IgnoreProblem[] = [];
  const lines = text.replace(/^\ufeff/, '').split('\n');
  for (const [index, raw] of lines.slice(0, maxLines).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const entry = entryOf(line, index + 1);
    if (entry) entries.push(entry);
    else problems.push({ at: index + 1, why: 'it is no file:rule:line or commit:file:rule:line' });
  }
  if (lines.length > maxLines) problems.push({ at: maxLines, why: 'what follows is not read' });
  return { entries, problems };
}

function entryOf(text: string, at: number): IgnoreEntry | undefined {
  const parts = text.split(':');
  const [line = '', rule = '', path = '', commit] = parts.toReversed();
  if (parts.length < 3 || parts.length > 4) return undefined;
  if (!/^\d{1,9}$/.test(line) || rule === '' || path === '') return undefined;
  if (commit !== undefined && !/^[0-9a-f]{7,64}$/i.test(commit)) return undefined;
  const normal = path.replaceAll('\\', '/').replace(/^\.\//, '');
  return { commit: commit?.toLowerCase() ?? null, path: normal, rule, line: Number(line), at };
}
