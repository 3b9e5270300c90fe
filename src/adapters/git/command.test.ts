import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
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

it.skipIf(!hasTool('git'))('ends a git that takes its time when the signal aborts', async () => {
  command('init');
  await writeFile(join(folder, 'slow'), `#!/bin/sh\ntouch ${folder}/begun\nexec sleep 60\n`, {
    mode: 0o755,
  });
  command('config', 'core.fsmonitor', join(folder, 'slow'));
  const controller = new AbortController();
  const changed = git.changed(folder, controller.signal);
  await vi.waitUntil(() => existsSync(join(folder, 'begun')), { timeout: 20_000 });
  controller.abort(new Error('enough'));
  await expect(changed).rejects.toThrow('enough');
});
