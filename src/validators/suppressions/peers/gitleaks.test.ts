import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runChecks } from '../../../core/engine.ts';
import { check } from '../../secret/in-files/index.ts';
import { loadFiles } from '../../secret/load.ts';
import { checksummedToken } from '../../secret/testing.ts';
import { applySuppressions } from '../apply.ts';
import { noSources } from '../sources.ts';

const { signal } = new AbortController();
const token = checksummedToken('ghp_');
const other = checksummedToken('npm_');

/** What counts, what was set aside with its reason, and warnings of files that are not understood. */
async function judged(files: Readonly<Record<string, string>>, checklist = false) {
  const root = await mkdtemp(join(tmpdir(), 'deploycheck-allow-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const set = await loadFiles({ paths: ['.'], root, signal });
  const clock = { now: () => new Date(0), monotonic: () => 0 };
  const evidence = { add: () => Promise.reject(new Error('none is left')) };
  const checks = [check] as never[];
  const run = await runChecks({ checks, targets: [set], signal, clock, evidence, settings: {} });
  const context = { sources: noSources, rules: checks, settings: {}, now: clock.now(), checklist };
  const { findings, suppressed = [] } = applySuppressions(run, [set], context).run;
  expect(JSON.stringify([findings, suppressed])).not.toContain(token.slice(4, 20));
  return {
    left: findings.map(
      ({ messageId, location }) => `${messageId} ${location.file}:${location.line}`,
    ),
    aside: suppressed.map(({ finding, by, reason, where }) =>
      [finding.location.file, by, reason, `${where.file}:${where.line ?? ''}`].join(' | '),
    ),
  };
}

it('sets aside what a comment allows on its line', async () => {
  expect(await judged({ a: `A=${token} # gitleaks:allow\nB=${other}\n` })).toEqual({
    left: ['secret a:2'],
    aside: ['a | gitleaks | gitleaks:allow on its line | a:1'],
  });
});

it('sets aside what .gitleaksignore names by file, rule and line', async () => {
  const files = { 'd/a': `\nA=${token}\nB=${other}\n` };
  expect(await judged({ ...files, '.gitleaksignore': 'd/a:github-pat:2\nd/a:jwt:3\n' })).toEqual({
    left: ['secret d/a:3'],
    aside: ['d/a | gitleaks | a line of .gitleaksignore | .gitleaksignore:1'],
  });
});

it('sets aside what .gitleaks.toml allows, and names the list', async () => {
  const config = `[[allowlists]]\ndescription = "made for tests"\npaths = ['''^test/''']\n`;
  expect(await judged({ 'test/a': token, 'src/a': token, '.gitleaks.toml': config })).toEqual({
    left: ['secret src/a:1'],
    aside: ['test/a | gitleaks | made for tests | .gitleaks.toml:1'],
  });
});

it('follows a file that is extended', async () => {
  expect(
    await judged({
      a: token,
      '.gitleaks.toml': '[extend]\npath = "base.toml"\n',
      'base.toml': '[extend]\ndisabledRules = ["github-pat"]\n',
    }),
  ).toMatchObject({ left: [], aside: [expect.stringContaining('github-pat is switched off')] });
});

it('warns of what it does not understand, which allows nothing', async () => {
  const config = `[[allowlists]]\nregexes = ['''\\pL+''']\n`;
  expect(
    await judged({ a: token, '.gitleaks.toml': config, '.gitleaksignore': 'nonsense\n' }),
  ).toEqual({
    left: ['allow-problem .gitleaksignore:1', 'allow-problem .gitleaks.toml:1', 'secret a:1'],
    aside: [],
  });
});

it('stops a pattern that takes too long, and says so', async () => {
  const config = `[[allowlists]]\nregexTarget = "line"\nregexes = ['''^(a+)+$''']\n`;
  const { left } = await judged({ a: `${'a'.repeat(50)} ${token}`, '.gitleaks.toml': config });
  expect(left).toEqual(['allow-problem .gitleaks.toml:1', 'secret a:1']);
});

it('does not hold in a checklist', async () => {
  const { left, aside } = await judged({ a: `A=${token} # gitleaks:allow\n` }, true);
  expect([left, aside]).toEqual([['secret a:1'], []]);
});
