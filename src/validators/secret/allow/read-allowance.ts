import { join } from 'node:path';
import { systemCode } from '../../../core/fault.ts';
import { readSmall } from '../../../core/read-small.ts';
import type { AllowList } from './allow-list.ts';
import { type IgnoreEntry, ignoreFile, parseGitleaksIgnore } from './gitleaks-ignore.ts';
import { parseGitleaksToml } from './gitleaks-toml.ts';

/** Something in a file of gitleaks that is not understood, so that it allows nothing. */
export interface AllowProblem {
  readonly file: string;
  readonly line: number | undefined;
  readonly what: string;
  readonly why: string;
}

/** What the files of gitleaks at the root of what is scanned allow. */
export interface Allowance {
  readonly lists: readonly AllowList[];
  readonly ignored: readonly IgnoreEntry[];
  readonly problems: readonly AllowProblem[];
}

export const noAllowance: Allowance = { lists: [], ignored: [], problems: [] };

const configFile = '.gitleaks.toml';

/** How many files may extend one another, as in gitleaks. */
const maxExtensions = 2;

export async function readAllowance(root: string): Promise<Allowance> {
  const ignored = await readText(root, ignoreFile);
  const { entries, problems } = parseGitleaksIgnore(ignored.text ?? '');
  const config = await readConfig(root, configFile, maxExtensions);
  return {
    lists: config.lists,
    ignored: entries,
    problems: [
      ...ignored.problems,
      ...problems.map(({ at, why }) => ({ file: ignoreFile, line: at, what: 'the line', why })),
      ...config.problems,
    ],
  };
}

async function readConfig(
  root: string,
  file: string,
  depth: number,
): Promise<Pick<Allowance, 'lists' | 'problems'>> {
  const { text, problems } = await readText(root, file);
  if (text === undefined) {
    const why = 'it is not there';
    const isAsked = file !== configFile && problems.length === 0;
    const missing = isAsked ? [{ file, line: undefined, what: 'the file', why }] : [];
    return { lists: [], problems: [...problems, ...missing] };
  }
  const parsed = parseGitleaksToml(text, file);
  const own = parsed.problems.map((problem) => ({ file, ...problem }));
  if (parsed.extends === undefined) return { lists: parsed.lists, problems: own };
  if (depth === 0) {
    const why = 'files extend one another more than twice, which gitleaks does not follow';
    return {
      lists: parsed.lists,
      problems: [...own, { file, line: undefined, what: 'extend.path', why }],
    };
  }
  const base = await readConfig(root, parsed.extends, depth - 1);
  return { lists: [...parsed.lists, ...base.lists], problems: [...own, ...base.problems] };
}

/** Undefined for a file that is not there or cannot be read; only the second is a problem. */
async function readText(
  root: string,
  file: string,
): Promise<{ text?: string; problems: readonly AllowProblem[] }> {
  try {
    return { text: (await readSmall(join(root, file))).toString('utf8'), problems: [] };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return { problems: [] };
    const why = `it cannot be read: ${code ?? 'it is too large'}`;
    return { problems: [{ file, line: undefined, what: 'the file', why }] };
  }
}
