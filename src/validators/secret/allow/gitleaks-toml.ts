import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import type { AllowList } from './allow-list.ts';
import { isRuleOfGitleaks } from './gitleaks-rules.ts';
import { fromGoRegex } from './go-regex.ts';

export interface TomlProblem {
  readonly line: number | undefined;
  readonly what: string;
  readonly why: string;
}

export interface GitleaksFile {
  readonly lists: readonly AllowList[];
  readonly problems: readonly TomlProblem[];
  /** Another file that this one extends, as written. */
  readonly extends: string | undefined;
}

const texts = z.array(z.string()).optional();
const allowlist = z.looseObject({
  description: z.string().optional(),
  condition: z.string().optional(),
  commits: texts,
  paths: texts,
  regexTarget: z.string().optional(),
  regexes: texts,
  stopwords: texts,
  targetRules: texts,
});
type Written = z.infer<typeof allowlist>;
const rule = z.looseObject({
  id: z.string().optional(),
  allowlist: allowlist.optional(),
  allowlists: z.array(allowlist).optional(),
});
const config = z.looseObject({
  extend: z
    .looseObject({ path: z.string().optional(), url: z.string().optional(), disabledRules: texts })
    .optional(),
  allowlist: allowlist.optional(),
  allowlists: z.array(allowlist).optional(),
  rules: z.array(rule).optional(),
});

/**
 * The allow rules of a `.gitleaks.toml`: `[allowlist]`, `[[allowlists]]`, those of its rules, and the rules that
 * `extend.disabledRules` switches off. Its own rules are not run here, and what is not understood allows nothing;
 * both are problems to tell.
 */
export function parseGitleaksToml(text: string, file: string): GitleaksFile {
  const parsed = read(text);
  if ('problem' in parsed) return { lists: [], problems: [parsed.problem], extends: undefined };
  const { extend, allowlist: one, allowlists: many = [], rules = [] } = parsed.value;
  const problems: TomlProblem[] = [];
  const places = placesIn(text);
  const take = (written: Written, ids: readonly string[] | null, header: RegExp): AllowList[] => {
    const line = places(header);
    const read = listOf(written, ids, { file, line });
    problems.push(...read.problems.map((why) => ({ line, what: 'the allow rule', why })));
    return read.list ? [read.list] : [];
  };
  if (one && many.length > 0) {
    const why = '[allowlist] and [[allowlists]] are both there, which gitleaks refuses';
    problems.push({ line: undefined, what: 'the file', why });
  }
  const lists = [
    ...(one ? take(one, one.targetRules ?? null, /^\s*\[\s*allowlist\s*\]/) : []),
    ...many.flatMap((list) => take(list, list.targetRules ?? null, /^\s*\[\[\s*allowlists\s*\]\]/)),
    ...rules.flatMap(({ id = '', allowlist: own, allowlists: more = [] }) => [
      ...(own ? take(own, [id], /^\s*\[\s*rules\.allowlist\s*\]/) : []),
      ...more.flatMap((list) => take(list, [id], /^\s*\[\[\s*rules\.allowlists\s*\]\]/)),
    ]),
    ...(extend?.disabledRules ?? []).map((id) => everythingOf(id, file)),
  ];
  for (const { id = '' } of rules) {
    if (isRuleOfGitleaks(id)) continue;
    problems.push({
      line: undefined,
      what: `the rule ${id}`,
      why: 'rules of other tools are not run',
    });
  }
  if (extend?.url !== undefined) {
    problems.push({ line: undefined, what: 'extend.url', why: 'nothing is fetched' });
  }
  return { lists, problems, extends: extend?.path };
}

function read(text: string): { value: z.infer<typeof config> } | { problem: TomlProblem } {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const why = error.message.split('\n')[0] ?? '';
    return { problem: { line: error.line, what: 'the file', why } };
  }
  const parsed = config.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  const why = `${issue?.path.join('.')}: ${issue?.message}`;
  return { problem: { line: undefined, what: 'the file', why } };
}

/** Gives the line of the next header of a kind, each time it is asked. */
function placesIn(text: string): (header: RegExp) => number | undefined {
  const lines = text.split('\n');
  const next = new Map<string, number>();
  return (header) => {
    const from = next.get(header.source) ?? 0;
    const found = lines.findIndex((line, index) => index >= from && header.test(line));
    if (found === -1) return undefined;
    next.set(header.source, found + 1);
    return found + 1;
  };
}

const conditions: Readonly<Record<string, AllowList['condition']>> = {
  ...{ '': 'or', OR: 'or', '||': 'or' },
  ...{ AND: 'and', '&&': 'and' },
};
const targets: Readonly<Record<string, AllowList['target']>> = {
  ...{ '': 'secret', secret: 'secret', match: 'match', line: 'line' },
};

function listOf(
  written: Written,
  rules: readonly string[] | null,
  place: Pick<AllowList, 'file' | 'line'>,
): { list?: AllowList; problems: readonly string[] } {
  const problems: string[] = [];
  const condition = conditions[(written.condition ?? '').toUpperCase()];
  const target = targets[written.regexTarget ?? ''];
  if (!condition) problems.push(`its condition ${written.condition} is neither OR nor AND`);
  if (!target) problems.push(`its regexTarget ${written.regexTarget} is none`);
  const compiled = (patterns: readonly string[] = []) =>
    patterns.flatMap((pattern) => {
      const result = fromGoRegex(pattern);
      if ('regex' in result) return [result.regex];
      problems.push(`its pattern ${shortened(pattern)} is not understood: ${result.why}`);
      return [];
    });
  const parts = {
    paths: compiled(written.paths),
    regexes: compiled(written.regexes),
    stopWords: (written.stopwords ?? []).map((word) => word.toLowerCase()).filter(Boolean),
    commits: (written.commits ?? []).map((hash) => hash.toLowerCase()).filter(Boolean),
  };
  const given = written.paths ?? written.regexes ?? written.stopwords ?? written.commits;
  if (given === undefined) problems.push('it names no path, pattern, stop word or commit');
  // With a part of an AND missing, the rest would allow more than was meant.
  if (!condition || !target || (condition === 'and' && problems.length > 0)) return { problems };
  const description = written.description?.trim() ?? '';
  return {
    list: { ...place, description, condition, target, ...parts, rules, everything: false },
    problems,
  };
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

const everythingOf = (id: string, file: string): AllowList => ({
  ...{ file, line: undefined, description: `${id} is switched off`, condition: 'or' },
  ...{ paths: [], regexes: [], target: 'secret', stopWords: [], commits: [] },
  ...{ rules: [id], everything: true },
});
