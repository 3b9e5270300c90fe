import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderRepository } from '../repository/folder.ts';
import { type ExternalBackup, type ExternalBackups, unknownArchive } from './external.ts';
import { observeExternal } from './observe.ts';

const base: ExternalBackup = {
  ...{ label: 'a', type: 'full', startedAt: null, stoppedAt: '2026-01-01T00:00:00.000Z' },
  ...{ databaseBytes: null, storedBytes: null, wal: null, lsn: null, builtOn: [] },
  ...{ systemIdentifier: '7', serverMajor: 15, encrypted: null, state: 'good', problem: null },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-external-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What is observed when a tool lists these. */
async function observed(...listed: Partial<ExternalBackup>[]) {
  const backups: ExternalBackups = {
    tool: 'pgbackrest',
    place: 'here',
    list: async () => listed.map((change) => ({ ...base, ...change })),
    archive: async () => unknownArchive('nobody asked'),
    restore: () => Promise.reject(new Error('nobody asked')),
  };
  const limits = { rpoMs: 1, restoreMs: 1, evidenceMaxAgeMs: 1 };
  const seen = await observeExternal(
    {
      ...{ backups, limits, subject: { environment: null, database: 'main' } },
      live: { problem: 'it was not asked' },
      reports: folderRepository(folder),
    },
    {
      clock: { now: () => new Date(0), monotonic: () => 0 },
      signal: new AbortController().signal,
    },
  );
  return { set: seen.set, passedOver: seen.external?.passedOver, archive: seen.external?.archive };
}

describe('observeExternal', () => {
  it('takes the newest that is good', async () => {
    const seen = await observed({ label: 'a' }, { label: 'b' });
    expect(seen).toMatchObject({ set: { id: 'b', createdAt: base.stoppedAt }, passedOver: [] });
    expect(seen.archive).toMatchObject({ unknown: 'nobody asked' });
  });

  it('passes over what failed, is being made, or is built on what is not there', async () => {
    const seen = await observed(
      { label: 'a' },
      { label: 'b', state: 'failed', problem: 'no space' },
      { label: 'c', builtOn: ['b'] },
      { label: 'd', builtOn: ['x'] },
      { label: 'e', state: 'running' },
    );
    expect(seen).toMatchObject({
      set: { id: 'a' },
      passedOver: [
        { label: 'b', why: 'no space' },
        { label: 'c', why: 'it is built on b, which failed' },
        { label: 'd', why: 'it is built on x, which is not there' },
        { label: 'e', why: 'it is being made' },
      ],
    });
  });

  it('does not guess the age of one of which nobody says that it is good', async () => {
    const seen = await observed({ label: 'a', state: 'unknown', problem: 'not told' });
    expect(seen).toMatchObject({ set: { id: 'a', createdAt: null } });
    expect(await observed({ state: 'failed' })).toMatchObject({ set: null });
  });
});
