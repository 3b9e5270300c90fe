import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProcessRunner } from '../../adapters/process/execa.ts';
import { readMigrations } from './read.ts';

const { signal } = new AbortController();
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'deploycheck-migrations-'));
  await mkdir(join(root, 'migrations'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = (name: string, sql = 'drop table t;') =>
  writeFile(join(root, 'migrations', name), sql);
const pair = async (name: string) => {
  await write(`${name}.up.sql`, 'create table t ();');
  await write(`${name}.down.sql`);
};
const read = (from?: string) =>
  readMigrations(
    {
      service: 'web',
      folder: 'migrations',
      root,
      from,
      targetCreated: undefined,
      coming: false,
      database: undefined,
    },
    createProcessRunner(),
    signal,
  );

describe('the migrations of a folder', () => {
  it('are compared with those of a git ref', async () => {
    await pair('0001_first');
    const git = (...args: string[]) =>
      execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: root });
    await git('init', '--quiet');
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'first');
    await git('tag', 'v1');
    await pair('0002_second');
    const { steps, boundary } = await read('v1');
    expect(steps.map(({ version, file }) => [version, file])).toEqual([
      ['0002', 'migrations/0002_second.down.sql'],
    ]);
    expect(boundary).toMatch(/^not in v1; no database/);
    await expect(read('v2')).rejects.toThrow('--from v2: neither a folder nor a git ref');
    await expect(read('--output=x')).rejects.toThrow('starts with a dash');
  });

  it('of another layout are named and not taken apart', async () => {
    await write('0001_first.sql', '-- +goose Up\ncreate table t ();');
    expect(await read()).toMatchObject({ state: 'unknown', layout: 'goose' });
  });

  it('have to be there', async () => {
    await expect(read()).rejects.toThrow('no migration files');
  });
});
