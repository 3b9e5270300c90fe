import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLedger, orphans } from './leftovers.ts';

const id = '00000000-0000-4000-8000-000000000000';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-ledger-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('an entry is there whole, and gone once it is settled', async () => {
  const ledger = createLedger(folder);
  const entry = await ledger.record({ kind: 'folder', ref: '/x', label: 'a folder' });
  expect(await readdir(folder)).toEqual([`${entry}.json`]);
  // Its process is this one, which lives.
  expect(await orphans(folder)).toEqual([]);
  await ledger.settle(entry);
  expect(await readdir(folder)).toEqual([]);
});

it('what is being written is left to the process that writes it, while that lives', async () => {
  const { pid: dead } = spawnSync(process.execPath, ['-e', '0']);
  await writeFile(join(folder, `${id}.json.${process.pid}.tmp`), '{"ki');
  await writeFile(join(folder, `${id}.json.${dead}.tmp`), '{"ki');
  expect(await orphans(folder)).toEqual([]);
  expect(await readdir(folder)).toEqual([`${id}.json.${process.pid}.tmp`]);
});
