import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFile } from '../../src/core/package-root.ts';
import { chainOf } from '../../src/core/run-store.ts';
import { deploycheck, shopWorkspace, type Workspace } from '../e2e/cli.ts';

let shop: Workspace;
beforeAll(async () => {
  shop = await shopWorkspace();
});
afterAll(() => shop[Symbol.asyncDispose]());

/** @param when milliseconds after the start, or the first sign of work on stderr */
async function interrupted(signal: NodeJS.Signals, when: number | 'working') {
  const cwd = shop.release('v2');
  const child = spawn(process.execPath, [packageFile('bin/run.js'), 'checklist'], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const closed = once(child, 'close');
  await (when === 'working' ? once(child.stderr, 'data') : delay(when));
  child.kill(signal);
  const [code, killedBy]: (number | string | null)[] = await closed;
  return { code, killedBy, stderr };
}

/** Runs and partial folders of the home, and whether the chain is whole. */
async function home() {
  const folder = join(shop.release('v2'), '.deploycheck');
  const runs = existsSync(join(folder, 'runs')) ? readdirSync(join(folder, 'runs')) : [];
  const { problems } = await chainOf({ folder });
  return { partial: runs.filter((name) => name.startsWith('.')), problems, folder };
}

describe('an interrupted checklist', () => {
  // Moments spread over start, loading, checking and writing; the run takes about a second.
  it.each([30, 120, 250, 400, 550, 700, 850, 1000, 1200])(
    'leaves nothing half-written when SIGINT comes after %i ms',
    async (afterMs) => {
      const { code, killedBy } = await interrupted('SIGINT', afterMs);
      // Before the handlers stand, the signal itself ends the process; after the end, nothing does.
      expect([130, 3, null]).toContain(code);
      if (code === null) expect(killedBy).toBe('SIGINT');
      expect(await home()).toMatchObject({ partial: [], problems: [] });
    },
  );

  it('ends 130 on SIGINT while it works', async () => {
    const { code, stderr } = await interrupted('SIGINT', 'working');
    expect([code, stderr]).toEqual([130, expect.stringContaining('SIGINT')]);
    expect(await home()).toMatchObject({ partial: [], problems: [] });
  });

  it('ends 143 on SIGTERM', async () => {
    const { code, stderr } = await interrupted('SIGTERM', 'working');
    expect([code, stderr]).toEqual([143, expect.stringContaining('SIGTERM')]);
    expect(await home()).toMatchObject({ partial: [], problems: [] });
  });

  it('ends 5 when --timeout passes', async () => {
    const args = ['checklist', '--timeout', '300ms'];
    const { exitCode, stderr } = await deploycheck(args, { cwd: shop.release('v2') });
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('--timeout passed')]);
    expect(await home()).toMatchObject({ partial: [], problems: [] });
  });

  it('killed with SIGKILL leaves what `clean` then removes', async () => {
    for (const afterMs of [350, 500, 650, 800]) {
      await interrupted('SIGKILL', afterMs);
    }
    const { folder } = await home();
    const { exitCode } = await deploycheck(['clean'], { cwd: shop.release('v2') });
    expect(exitCode).toBe(0);
    expect(await home()).toMatchObject({ partial: [], problems: [] });
    expect(readdirSync(join(folder, 'leftovers'))).toEqual([]);
    expect(existsSync(join(folder, 'index.lock'))).toBe(false);
  });
});
