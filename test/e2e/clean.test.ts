import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deploycheck } from './cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-clean-'));
  await writeFile(
    join(folder, 'a.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) => deploycheck(args, { cwd: folder });
const save = () => run('validate', 'manifests', 'a.yaml', '--save', '--quiet');
const index = () => join(folder, '.deploycheck/index.jsonl');

describe('clean', () => {
  it('touches nothing that a forged ledger names', async () => {
    const victim = join(folder, 'victim');
    await mkdir(join(victim, 'docs'), { recursive: true });
    await mkdir(join(folder, '.deploycheck/runs'), { recursive: true });
    await mkdir(join(folder, '.deploycheck/leftovers'));
    const link = join(folder, '.deploycheck/runs/.partial-20260101T000000000Z-aaaaaa');
    await symlink(victim, link);
    const refs = [victim, join(link, 'docs'), link, `${link}/../../../victim`, '/tmp', folder];
    for (const [at, ref] of refs.entries()) {
      const id = `0000000${at}-0000-0000-0000-000000000000`;
      const entry = {
        id: '../../a',
        kind: 'folder',
        ref,
        label: 'x',
        pid: 999999999,
        pidStart: '1',
      };
      const file = join(folder, '.deploycheck/leftovers', `${id}.json`);
      await writeFile(file, JSON.stringify(entry));
    }
    const { exitCode } = await run('clean');
    expect(exitCode).toBe(5);
    expect(existsSync(join(victim, 'docs'))).toBe(true);
    expect(existsSync(join(folder, 'a.yaml'))).toBe(true);
  });

  it('does not wait for a pipe, nor stumble over a folder', async () => {
    await mkdir(join(folder, '.deploycheck/leftovers/sub.json'), { recursive: true });
    const name = '00000000-0000-0000-0000-000000000000.json';
    await execa('mkfifo', [join(folder, '.deploycheck/leftovers', name)]);
    expect((await run('clean')).exitCode).toBe(0);
  });
});

describe('the run folder', () => {
  it('outlives a lock without an owner', async () => {
    await mkdir(join(folder, '.deploycheck'));
    await writeFile(join(folder, '.deploycheck/index.lock'), '');
    expect((await save()).exitCode).toBe(0);
    expect((await run('run', 'list')).exitCode).toBe(0);
  });

  it('reports a torn line, and keeps the runs after it', async () => {
    await save();
    await save();
    await truncate(index(), (await readFile(index())).length - 20);
    expect((await save()).exitCode).toBe(0);
    expect((await run('report', 'last')).exitCode).toBe(0);
    const { exitCode, stderr } = await run('run', 'list');
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('line 2 is not an entry')]);
  });

  it('finishes a run whose process died between the chain and the rename', async () => {
    await save();
    const id = (await run('run', 'list')).stdout.split(' ')[0] ?? '';
    const runs = join(folder, '.deploycheck/runs');
    await execa('mv', [join(runs, id), join(runs, `.partial-${id}`)]);
    const leftovers = join(folder, '.deploycheck/leftovers');
    await mkdir(leftovers, { recursive: true });
    const entry = {
      id: 'x',
      kind: 'folder',
      ref: join(runs, `.partial-${id}`),
      label: 'unfinished run folder',
      pid: 999999999,
      pidStart: '1',
    };
    const file = join(leftovers, '00000000-0000-0000-0000-000000000000.json');
    await writeFile(file, JSON.stringify(entry));
    expect((await run('clean')).exitCode).toBe(0);
    expect((await run('run', 'list')).exitCode).toBe(0);
    expect((await run('report', id)).exitCode).toBe(0);
  });

  it('shows a kept run', async () => {
    await save();
    const { exitCode, stdout } = await run('run', 'show', 'last');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('record.json')]);
  });
});
