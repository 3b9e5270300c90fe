import { execFileSync } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hasTool } from '../../../test/systems/tools.ts';
import { createProcessRunner } from '../process/execa.ts';
import { createGit } from './command.ts';

const { signal } = new AbortController();
const git = createGit(createProcessRunner());
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-git-'));
});
afterEach(() => rm(folder, { recursive: true }));

function command(...args: string[]): void {
  execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
}

it.skipIf(!hasTool('git'))('knows no commit outside of a work tree', async () => {
  expect(await git.head(folder, signal)).toBeUndefined();
});

it.skipIf(!hasTool('git'))(
  'gives hash, author and what differs, renamed and untracked files included',
  async () => {
    command('init');
    command('config', 'user.email', 'ann@example.com');
    command('config', 'user.name', 'Ann');
    await writeFile(join(folder, 'two words'), 'a long enough content to be seen as renamed\n');
    await writeFile(join(folder, 'edited'), '1');
    command('add', '.');
    command('commit', '-m', 'one');
    expect(await git.head(folder, signal)).toMatchObject({
      hash: expect.stringMatching(/^[0-9a-f]{40}$/),
      authorEmail: 'ann@example.com',
    });
    expect(await git.changed(folder, signal)).toEqual([]);
    expect(await git.configured('user.email', folder, signal)).toBe('ann@example.com');

    await rename(join(folder, 'two words'), join(folder, 'three more words'));
    await writeFile(join(folder, 'edited'), '2');
    command('add', '-A');
    await writeFile(join(folder, 'new'), '');
    expect(await git.changed(folder, signal)).toEqual(['edited', 'three more words', 'new']);
  },
);
