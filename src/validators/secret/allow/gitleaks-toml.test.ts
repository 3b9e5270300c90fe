import { expect, it } from 'vitest';
import type { AllowQuestion } from './allow-list.ts';
import { allowedBy } from './allow-list.ts';
import { parseGitleaksToml } from './gitleaks-toml.ts';

const question: AllowQuestion = {
  shape: { gitleaks: ['github-pat'] },
  path: 'test/data/app.env',
  secret: 'ghp_Abc',
  match: 'TOKEN=ghp_Abc',
  line: 'export TOKEN=ghp_Abc # for tests',
};

function ask(text: string, changes: Partial<AllowQuestion> = {}): number {
  const { lists, problems } = parseGitleaksToml(text, '.gitleaks.toml');
  expect(problems).toEqual([]);
  return allowedBy(lists, { ...question, ...changes }, new Set());
}

it.each([
  ['a path', `[allowlist]\npaths = ['''^test/''']`, { path: 'src/app.env' }],
  ['a pattern of the secret', `[[allowlists]]\nregexes = ['''^ghp_A''']`, { secret: 'ghp_X' }],
  [
    'a pattern of the match',
    `[[allowlists]]\nregexTarget = "match"\nregexes = ["^TOKEN="]`,
    { match: 'KEY=ghp_Abc' },
  ],
  [
    'a pattern of the line',
    `[[allowlists]]\nregexTarget = "line"\nregexes = ['''for tests$''']`,
    { line: 'export TOKEN=ghp_Abc' },
  ],
  ['a stop word, in any case', `[[allowlists]]\nstopwords = ["ABC"]`, { secret: 'ghp_X' }],
  [
    'both, where both are asked for',
    `[[allowlists]]\ncondition = "AND"\npaths = ['''^test/''']\nstopwords = ["abc"]`,
    { path: 'src/app.env' },
  ],
  [
    'rules that are named',
    `[[allowlists]]\ntargetRules = ["github-pat", "jwt"]\npaths = ['''.*''']`,
    { shape: { gitleaks: ['npm-access-token'] } },
  ],
  [
    'its own rule',
    `[[rules]]\nid = "github-pat"\n[[rules.allowlists]]\npaths = ['''^test/''']`,
    { shape: { gitleaks: ['npm-access-token'] } },
  ],
  [
    'the older form of it',
    `[[rules]]\nid = "github-pat"\n[rules.allowlist]\npaths = ['''^test/''']`,
    { path: 'src/app.env' },
  ],
  [
    'a rule that is switched off',
    `[extend]\nuseDefault = true\ndisabledRules = ["github-pat"]`,
    { shape: { gitleaks: ['npm-access-token'] } },
  ],
  ['a commit', `[[allowlists]]\ncommits = ["ABC123"]`, { commit: 'def456' }],
])('allows by %s, and only so', (name, text, other) => {
  const asked = name === 'a commit' ? { commit: 'abc123' } : {};
  expect(ask(text, asked)).toBe(0);
  expect(ask(text, other)).toBe(-1);
});

it('allows by one of several parts where nothing else is said', () => {
  const text = `[[allowlists]]\npaths = ['''^docs/''']\nstopwords = ["abc"]`;
  expect(ask(text)).toBe(0);
  expect(ask(text, { secret: 'ghp_X' })).toBe(-1);
});

it('names the list, where it stands and what it says', () => {
  const text = `title = "ours"\n\n[[allowlists]]\ndescription = "one"\npaths = ["a"]\n\n[[allowlists]]\npaths = ["b"]`;
  const { lists } = parseGitleaksToml(text, '.gitleaks.toml');
  expect(lists.map(({ line, description }) => [line, description])).toEqual([
    [3, 'one'],
    [7, ''],
  ]);
});

it.each([
  ['no TOML', '[allowlist\n', /./],
  ['another type', '[allowlist]\npaths = "a"', /allowlist.paths/],
  [
    'a pattern of RE2 alone',
    `[allowlist]\nregexes = ['''\\pL''']\npaths = ["a"]`,
    /not understood/,
  ],
  ['a condition', '[[allowlists]]\ncondition = "XOR"\npaths = ["a"]', /neither OR nor AND/],
  ['a target', '[[allowlists]]\nregexTarget = "file"\npaths = ["a"]', /regexTarget/],
  ['a list of nothing', '[[allowlists]]\ndescription = "a"', /names no path/],
  ['both forms', '[allowlist]\npaths = ["a"]\n[[allowlists]]\npaths = ["b"]', /both/],
  ['a rule of somebody', `[[rules]]\nid = "our-token"\nregex = '''a'''`, /not run/],
  ['an address', '[extend]\nurl = "https://example.com/a.toml"', /fetched/],
])('tells of %s', (_, text, why) => {
  const { problems } = parseGitleaksToml(text, '.gitleaks.toml');
  expect(problems.map((problem) => problem.why).join()).toMatch(why);
});

it('takes nothing of a list that wants all parts when one is not understood', () => {
  const text = `[[allowlists]]\ncondition = "AND"\npaths = ['''.*''']\nregexes = ['''\\pL''']`;
  expect(parseGitleaksToml(text, '.gitleaks.toml').lists).toEqual([]);
});
