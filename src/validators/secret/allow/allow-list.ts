import type { Shape } from '../shapes/shape.ts';
import { boundedTest } from './bounded-test.ts';

/** One allow rule of a `.gitleaks.toml`; plain data, so that it can cross to a thread. */
export interface AllowList {
  /** File and line, from 1, where it is written. */
  readonly file: string;
  readonly line: number | undefined;
  readonly description: string;
  /** Whether one of its parts is enough, or each that is given has to hold. */
  readonly condition: 'or' | 'and';
  readonly paths: readonly RegExp[];
  readonly regexes: readonly RegExp[];
  readonly target: 'secret' | 'match' | 'line';
  /** Lower case. */
  readonly stopWords: readonly string[];
  /** Hashes of commits, lower case. */
  readonly commits: readonly string[];
  /** Rules of gitleaks it is for; null for all. */
  readonly rules: readonly string[] | null;
  /** True for a rule that is switched off: everything it finds is allowed. */
  readonly everything: boolean;
}

/** What an allow rule is asked about. */
export interface AllowQuestion {
  readonly shape: Pick<Shape, 'gitleaks'>;
  readonly path: string;
  readonly secret: string;
  readonly match: string;
  readonly line: string;
  /** In the history of a repository. */
  readonly commit?: string;
}

/** The place of the first list that allows it; -1 when none does. Patterns out of time are added to `slow`. */
export function allowedBy(
  lists: readonly AllowList[],
  question: AllowQuestion,
  slow: Set<number>,
): number {
  return lists.findIndex(
    (list, index) => isFor(list, question) && allows(list, question, () => slow.add(index)),
  );
}

function isFor({ rules }: AllowList, { shape }: AllowQuestion): boolean {
  return rules === null || rules.some((rule) => shape.gitleaks?.includes(rule));
}

function allows(list: AllowList, question: AllowQuestion, onSlow: () => void): boolean {
  if (list.everything) return true;
  const fits = (text: string) => (regex: RegExp) => {
    const answer = boundedTest(regex, text);
    if (answer === undefined) onSlow();
    return answer === true;
  };
  const secret = question.secret.toLowerCase();
  const parts: (() => boolean)[] = [];
  if (list.commits.length > 0) {
    parts.push(() => question.commit !== undefined && list.commits.includes(question.commit));
  }
  if (list.paths.length > 0) parts.push(() => list.paths.some(fits(question.path)));
  if (list.regexes.length > 0) parts.push(() => list.regexes.some(fits(question[list.target])));
  if (list.stopWords.length > 0) {
    parts.push(() => list.stopWords.some((word) => secret.includes(word)));
  }
  if (parts.length === 0) return false;
  return list.condition === 'and' ? parts.every((part) => part()) : parts.some((part) => part());
}
