import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultRun } from './fault-run.ts';
import type { RunHome } from './run-folder.ts';
import { readIndex } from './run-index.ts';
import { chainOf, listRuns, readRun } from './run-store.ts';
import { startRun } from './run-writer.ts';
import { createScope } from './scope.ts';

const clock = { now: () => new Date('2026-05-01T10:00:00Z'), monotonic: () => 0 };
const { signal } = new AbortController();
const record = faultRun(new Error('x'), {
  command: 'validate manifests',
  toolVersion: '0',
  startedAt: clock.now(),
  durationMs: 1,
});

let home: RunHome;

beforeEach(async () => {
  home = { folder: await mkdtemp(join(tmpdir(), 'deploycheck-home-')) };
});
afterEach(() => rm(home.folder, { recursive: true }));

async function keepRun(): Promise<string> {
  await using scope = createScope();
  const run = await startRun(home, { clock, scope, signal });
  await run.evidence.add({
    name: 'note.txt',
    mediaType: 'text/plain',
    content: 'seen',
    how: 'by hand',
  });
  await run.publish(record);
  return run.id;
}

describe('the run store', () => {
  it('keeps a run, chains it and reads it back', async () => {
    const first = await keepRun();
    const second = await keepRun();
    expect(await listRuns(home)).toHaveLength(2);
    expect((await readRun(home, first)).record).toEqual(record);
    expect((await chainOf(home)).entries.map((entry) => entry.run)).toEqual([first, second]);
    expect((await chainOf(home)).problems).toEqual([]);
  });

  it('leaves nothing of a run that was not published', async () => {
    {
      await using scope = createScope();
      await startRun(home, { clock, scope, signal });
    }
    expect(await readdir(join(home.folder, 'runs'))).toEqual([]);
  });

  it('keeps the chain whole when many runs end at once', async () => {
    await Promise.all(Array.from({ length: 12 }, keepRun));
    const { entries, problems } = await chainOf(home);
    expect(entries).toHaveLength(12);
    expect(problems).toEqual([]);
  });

  it.each(['record.json', 'evidence/note.txt', 'SHA256SUMS'])(
    'finds one changed byte of %s and names the file',
    async (file) => {
      const id = await keepRun();
      const path = join(home.folder, 'runs', id, file);
      const bytes = await readFile(path);
      bytes[3] = (bytes[3] ?? 0) ^ 1;
      await writeFile(path, bytes);
      await expect(readRun(home, id)).rejects.toMatchObject({ code: 'run-altered' });
      await expect(readRun(home, id)).rejects.toThrow(id);
    },
  );

  it('finds a record and its sums changed together, by the index', async () => {
    const id = await keepRun();
    const other = await keepRun();
    for (const file of ['record.json', 'SHA256SUMS', 'evidence/note.txt']) {
      const text = await readFile(join(home.folder, 'runs', other, file), 'utf8');
      await writeFile(join(home.folder, 'runs', id, file), text);
    }
    // Both records are equal here, so change the index entry's digest instead.
    const index = join(home.folder, 'index.jsonl');
    const lines = await readFile(index, 'utf8');
    await writeFile(index, lines.replace(/"record":"sha256:./, '"record":"sha256:x'));
    await expect(readRun(home, id)).rejects.toMatchObject({ code: 'run-altered' });
  });

  it('refuses a name that would leave the folder', async () => {
    await keepRun();
    await expect(readRun(home, '../../etc')).rejects.toMatchObject({ code: 'run-missing' });
  });

  it('says when there is no run yet', async () => {
    await expect(readRun(home, 'last')).rejects.toMatchObject({ code: 'run-missing' });
  });
});

describe('the chain', () => {
  it('reports a removed line', async () => {
    for (let i = 0; i < 3; i++) await keepRun();
    const index = join(home.folder, 'index.jsonl');
    const lines = (await readFile(index, 'utf8')).split('\n');
    await writeFile(index, [lines[0], lines[2], ''].join('\n'));
    expect((await readIndex(index)).problems.map(({ kind }) => kind)).toEqual(['broken']);
  });

  it('reports an edited line', async () => {
    for (let i = 0; i < 2; i++) await keepRun();
    const index = join(home.folder, 'index.jsonl');
    await writeFile(index, (await readFile(index, 'utf8')).replace('"fault"', '"go"'));
    expect((await readIndex(index)).problems.map(({ kind }) => kind)).toEqual(['broken']);
  });

  it('reports a fork', async () => {
    for (let i = 0; i < 2; i++) await keepRun();
    const index = join(home.folder, 'index.jsonl');
    const [first = ''] = (await readFile(index, 'utf8')).split('\n');
    await appendFile(index, `${first.replace(/"run":"[^"]+"/, '"run":"other"')}\n`);
    expect((await readIndex(index)).problems.map(({ kind }) => kind)).toEqual(['fork']);
  });

  it('reports half a line', async () => {
    await keepRun();
    const index = join(home.folder, 'index.jsonl');
    await appendFile(index, '{"run":"x","rec');
    expect((await readIndex(index)).problems.map(({ kind }) => kind)).toEqual(['unreadable']);
  });
});
