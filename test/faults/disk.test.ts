import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploycheck, shopWorkspace, type Workspace } from '../e2e/cli.ts';
import { canMount, smallFilesystem } from '../systems/small-filesystem.ts';

let shop: Workspace;

beforeAll(async () => {
  shop = await shopWorkspace();
});
afterAll(() => shop[Symbol.asyncDispose]());

describe.skipIf(!canMount())('a run folder that cannot be written', () => {
  it('is named when it is read-only', async () => {
    await using disk = await smallFilesystem('ro,size=1m');
    const { folder } = disk;
    const { exitCode, stderr } = await deploycheck(['checklist'], {
      cwd: shop.release('v2'),
      env: { DEPLOYCHECK_HOME: join(folder, 'home') },
    });
    expect([exitCode, stderr]).toEqual([
      5,
      expect.stringMatching(/read-only[\s\S]*\(run-folder-unwritable\)/),
    ]);
  });

  it('keeps its earlier runs whole when the disk is full', async () => {
    await using disk = await smallFilesystem('size=256k');
    const { folder } = disk;
    const options = { cwd: shop.release('v2'), env: { DEPLOYCHECK_HOME: join(folder, 'home') } };
    expect((await deploycheck(['checklist', '--quiet'], options)).exitCode).toBe(3);
    const before = readdirSync(join(folder, 'home/runs'));

    fill(folder);
    const { exitCode, stderr } = await deploycheck(['checklist', '--quiet'], options);
    expect([exitCode, stderr]).toEqual([5, expect.stringMatching(/no space left|ENOSPC/)]);
    rmSync(join(folder, 'filler'));

    expect(readdirSync(join(folder, 'home/runs'))).toEqual(before);
    expect((await deploycheck(['run', 'list'], options)).exitCode).toBe(0);
    expect((await deploycheck(['checklist', '--quiet'], options)).exitCode).toBe(3);
  });
});

/** Leaves less room than one run needs. */
function fill(folder: string): void {
  const block = Buffer.alloc(4096);
  const chunks: Buffer[] = [];
  for (;;) {
    chunks.push(block);
    try {
      writeFileSync(join(folder, 'filler'), Buffer.concat(chunks));
    } catch {
      return;
    }
  }
}
