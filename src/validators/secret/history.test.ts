import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { hasTool } from '../../../test/systems/tools.ts';
import { createGit } from '../../adapters/git/command.ts';
import { createProcessRunner } from '../../adapters/process/execa.ts';
import { Fault } from '../../core/fault.ts';
import { readHistory } from './history.ts';
import { check } from './in-files/index.ts';
import { loadFiles } from './load.ts';
import { checksummedToken, examine } from './testing.ts';

const { signal } = new AbortController();
const git = createGit(createProcessRunner());
const token = checksummedToken('ghp_');
const other = checksummedToken('npm_');

async function repository() {
  const root = await mkdtemp(join(tmpdir(), 'deploycheck-history-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const command = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  command('init', '--initial-branch=main');
  command('config', 'user.email', 'ann@example.com');
  command('config', 'user.name', 'Ann');
  const commit = async (files: Readonly<Record<string, string | Buffer | null>>) => {
    for (const [path, content] of Object.entries(files)) {
      if (content === null) await rm(join(root, path));
      else await writeFile(join(root, path), content);
    }
    command('add', '-A');
    command('commit', '-m', 'a change');
    return command('rev-parse', 'HEAD').trim();
  };
  const scan = async () => {
    const read = { folder: root, paths: ['.'], signal, onProgress: () => {} };
    const set = await loadFiles({
      ...{ paths: ['.'], root, signal },
      history: (allow) => readHistory(git, { ...read, allow }),
    });
    const run = await examine(check, set);
    expect(JSON.stringify(run)).not.toContain(token.slice(4, 20));
    return { set, run, messages: run.findings.map(({ message }) => message) };
  };
  return { root, command, commit, scan };
}

it.skipIf(!hasTool('git'))('finds what is gone, with the commit that brought it', async () => {
  const { commit, scan } = await repository();
  await commit({ readme: 'nothing' });
  const brought = await commit({ 'app env': `A=1\nTOKEN=${token}\n` });
  await commit({ 'app env': `A=2\nTOKEN=${token}\n` });
  await commit({ 'app env': null });
  const { messages, set } = await scan();
  expect(messages).toEqual([
    `app env, line 2 of commit ${brought.slice(0, 12)} (gone since, and still in the history) holds a GitHub token: ghp_…`,
  ]);
  expect(set.history).toMatchObject({ commits: 4, contents: 3, unread: [] });
});

it.skipIf(!hasTool('git'))('says since when a secret is there that still is', async () => {
  const { commit, scan } = await repository();
  const brought = await commit({ a: `${token}\n` });
  await commit({ a: `one more line\n${token}\n` });
  const { messages } = await scan();
  expect(messages).toEqual([
    `a (since commit ${brought.slice(0, 12)}) holds a GitHub token: ghp_…`,
  ]);
});

it.skipIf(!hasTool('git'))(
  'reads every branch, what a merge alone brought, and binary files',
  async () => {
    const { command, commit, scan, root } = await repository();
    await commit({ a: '1' });
    command('checkout', '-b', 'side');
    await commit({ b: Buffer.concat([Buffer.alloc(70_000), Buffer.from(` ${token} `)]) });
    command('checkout', 'main');
    await commit({ a: '2' });
    command('merge', '--no-commit', '--no-ff', 'side');
    await writeFile(join(root, 'a'), other);
    const merged = await commit({});
    await commit({ a: '3', b: null });
    const { messages } = await scan();
    expect(messages).toHaveLength(2);
    expect(messages.join()).toContain(`a, line 1 of commit ${merged.slice(0, 12)}`);
    expect(messages.join()).toContain('b of commit');
  },
);

it.skipIf(!hasTool('git'))('says that a shallow clone leaves commits out', async () => {
  const { commit, root } = await repository();
  await commit({ a: token });
  await commit({ a: '1' });
  const clone = await mkdtemp(join(tmpdir(), 'deploycheck-clone-'));
  onTestFinished(() => rm(clone, { recursive: true, force: true }));
  execFileSync('git', ['clone', '--depth', '1', `file://${root}`, clone], { stdio: 'ignore' });
  const options = { folder: clone, paths: ['.'], signal, allow: [], onProgress: () => {} };
  const { hits, unread } = await readHistory(git, options);
  expect([hits, unread.length]).toEqual([[], 1]);
});

it.skipIf(!hasTool('git'))('is a fault where there is no repository', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-none-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const options = { folder, paths: ['.'], signal, allow: [], onProgress: () => {} };
  const reading = readHistory(git, options);
  await expect(reading).rejects.toBeInstanceOf(Fault);
  await expect(reading).rejects.toMatchObject({ code: 'input-missing' });
});
