import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { matchesGlob } from 'node:path/posix';
import { z } from 'zod';
import type { YamlDocument } from '../../../config/yaml-source.ts';
import type { Finding, Location } from '../../../core/finding.ts';
import { anywhere, type Suppression } from '../../../core/suppress.ts';
import type { PeerNote } from './annotations.ts';
import { allCounterparts, counterpartsOf } from './checks.ts';
import { type Counterpart, fitsCounterpart } from './counterparts.ts';
import type { FileProblem } from './peer-file.ts';
import { readPeerYaml } from './peer-yaml.ts';

const words = z.array(z.string()).nullish();
const format = z.object({
  checks: z
    .object({
      addAllBuiltIn: z.boolean().nullish(),
      doNotAutoAddDefaults: z.boolean().nullish(),
      include: words,
      exclude: words,
      ignorePaths: words,
    })
    .nullish(),
  customChecks: z.array(z.object({ name: z.string() })).nullish(),
});

export interface KubeLinterFile {
  readonly file: string;
  readonly suppressions: readonly Suppression[];
  readonly notes: readonly PeerNote[];
  /** Rules that `include` asks for. */
  readonly enabled: readonly string[];
  /** Why it has no effect, when it cannot be read. */
  readonly problem?: FileProblem;
}

export const unread = (file: string): KubeLinterFile => ({
  file,
  suppressions: [],
  notes: [],
  enabled: [],
});

/**
 * What the configuration of kube-linter in a folder asks for: `exclude` and `ignorePaths` suppress, `include`
 * adds rules. Which checks kube-linter runs beside those says nothing about the rules here
 * (https://github.com/stackrox/kube-linter/blob/main/docs/configuring-kubelinter.md).
 */
export function understood(text: string, file: string, folder: string): KubeLinterFile {
  const read = readPeerYaml(text, file, format);
  if (!read) return unread(file);
  if (!('said' in read)) return { ...unread(file), problem: read };
  const { document } = read;
  const { checks, customChecks } = read.said;
  const entries = (key: 'exclude' | 'include' | 'ignorePaths') =>
    (checks?.[key] ?? []).map((word, index) => entryOf(document, file, key, word, index));
  const excluded = entries('exclude');
  const left = new Set(excluded.map(({ word }) => word));
  const own = new Set((customChecks ?? []).map(({ name }) => name));
  const included = entries('include').filter(({ word }) => !left.has(word));
  return {
    file,
    suppressions: [
      ...excluded.flatMap((entry) =>
        suppressing(entry, counterpartsOf('kube-linter', entry.word) ?? [], () => true),
      ),
      ...entries('ignorePaths').flatMap((entry) =>
        suppressing(entry, allCounterparts('kube-linter'), isBelow(entry.word, folder)),
      ),
    ],
    notes: [...excluded, ...included].flatMap((entry) => notesOf(entry, own)),
    enabled: included.flatMap(({ word }) => rulesOf(word)),
  };
}

interface Entry {
  readonly file: string;
  readonly key: string;
  readonly word: string;
  where(): Location;
}

function entryOf(
  document: YamlDocument,
  file: string,
  key: string,
  word: string,
  index: number,
): Entry {
  return {
    ...{ file, key, word },
    where: () => ({ file, ...document.locate(['checks', key, index]) }),
  };
}

const rulesOf = (check: string): readonly string[] =>
  (counterpartsOf('kube-linter', check) ?? []).flatMap(({ rule, aside }) => (aside ? [] : [rule]));

function suppressing(
  { file, key, where }: Entry,
  counterparts: readonly Counterpart[],
  fits: (finding: Finding) => boolean,
): readonly Suppression[] {
  return counterparts.map((counterpart) => ({
    by: 'kube-linter',
    rule: counterpart.rule,
    reason: `${key} of ${file}, no reason given`,
    reasonless: true,
    until: null,
    anchors: [anywhere],
    covers: (finding) => fits(finding) && fitsCounterpart(counterpart, finding),
    where,
    name: `${key} of ${file}`,
  }));
}

/** A pattern over absolute paths, or a folder or file whose path they begin with. */
function isBelow(given: string, folder: string): (finding: Finding) => boolean {
  const home = given === '~' || given.startsWith('~/');
  const pattern = home ? join(homedir(), given.slice(1)) : resolve(folder, given);
  return ({ location: { file } }) => {
    if (file === undefined) return false;
    const path = resolve(folder, file);
    return path === pattern || path.startsWith(`${pattern}/`) || matchesGlob(path, pattern);
  };
}

function notesOf({ key, word, where }: Entry, own: ReadonlySet<string>): readonly PeerNote[] {
  const known = counterpartsOf('kube-linter', word);
  const heard = key === 'include' ? rulesOf(word) : (known ?? []);
  if (heard.length > 0) return [];
  const id = known === undefined && !own.has(word) ? 'unknown-check' : 'no-counterpart';
  return [{ peer: 'kube-linter', id, about: word, where }];
}
