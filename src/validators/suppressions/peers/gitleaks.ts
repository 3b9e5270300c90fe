import { fingerprintOf, type Location } from '../../../core/finding.ts';
import {
  anywhere,
  fingerprintAnchor,
  lineAnchor,
  type Suppression,
} from '../../../core/suppress.ts';
import { ignoreFile } from '../../secret/allow/gitleaks-ignore.ts';
import { shapesOfRule } from '../../secret/allow/gitleaks-rules.ts';
import type { FileSet } from '../../secret/load.ts';
import { pastDraft, pastHits } from '../../secret/past-drafts.ts';
import type { Hit } from '../../secret/scan.ts';

const rule = 'secret/in-files';

/** What gitleaks was told to allow, as far as something was found for it. */
export function allowedIn(set: FileSet): readonly Suppression[] {
  return [...allowedInFiles(set), ...allowedInHistory(set)];
}

function allowedInFiles(set: FileSet): readonly Suppression[] {
  const ignored = ignoredIn(set);
  return set.files.flatMap((file) => {
    const told = file.secrets.hits.map((hit) => wordFor(set, file, hit, ignored));
    const [first] = told;
    // A binary file has no lines: what is found in it is allowed together, or not at all.
    const isBinary = file.secrets.hits.some(({ line }) => line === null);
    if (isBinary) return first && told.every(Boolean) ? [inBinary(file.path, first)] : [];
    return told.flatMap((word, index) => {
      const { line, column } = file.secrets.hits[index] ?? { line: null };
      if (!word || line === null) return [];
      const covers: Suppression['covers'] = ({ location }) => location.column === column;
      return [suppressionOf(word, [lineAnchor(file.path, line)], covers)];
    });
  });
}

/** Where there are no lines to hold on to, the fingerprint of the finding says which is meant. */
function allowedInHistory(set: FileSet): readonly Suppression[] {
  const ignored = ignoredIn(set);
  return pastHits(set).flatMap((past) => {
    const draft = pastDraft(past);
    const word = wordFor(set, past, past.hit, ignored);
    if (!draft || !word) return [];
    return [suppressionOf(word, [fingerprintAnchor(fingerprintOf(rule, draft))], () => true)];
  });
}

interface Word {
  readonly reason: string;
  readonly where: Location;
  readonly name: string;
}

const suppressionOf = (
  { reason, where, name }: Word,
  anchors: readonly string[],
  covers: NonNullable<Suppression['covers']>,
): Suppression => ({
  ...{ by: 'gitleaks', rule, reason, until: null, anchors, covers, name },
  where: () => where,
});

const inBinary = (path: string, word: Word): Suppression =>
  suppressionOf(word, [anywhere], ({ location }) => location.file === path);

interface IgnoredLine {
  readonly at: number;
  /** Null for the line of a file as it stands. */
  readonly commit: string | null;
  readonly shapes: readonly string[];
}

type Ignored = ReadonlyMap<string, readonly IgnoredLine[]>;

function ignoredIn({ allowance }: FileSet): Ignored {
  const known = allowance.ignored.map(({ path, line, rule: id, at, commit }) => ({
    key: `${path}\0${line}`,
    ...{ at, commit },
    shapes: shapesOfRule(id),
  }));
  return Map.groupBy(known, ({ key }) => key);
}

function wordFor(
  { allowance }: FileSet,
  { path, commit }: { readonly path: string; readonly commit?: string },
  { allowed, line, shape }: Hit,
  ignored: Ignored,
): Word | undefined {
  if (allowed === 'comment') {
    const where = { file: path, ...(line !== null && { line }) };
    return { reason: 'gitleaks:allow on its line', where, name: 'the comment gitleaks:allow' };
  }
  const list = allowed === undefined ? undefined : allowance.lists[allowed];
  if (list) {
    const reason = list.description === '' ? `an allow rule of ${list.file}` : list.description;
    return { reason, where: { file: list.file, line: list.line }, name: 'the allow rule' };
  }
  const entry = ignored
    .get(`${path}\0${line}`)
    ?.find((one) => one.shapes.includes(shape) && (one.commit === null || one.commit === commit));
  if (!entry) return undefined;
  const where = { file: ignoreFile, line: entry.at };
  return { reason: `a line of ${ignoreFile}`, where, name: 'the line' };
}
