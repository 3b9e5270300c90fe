import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, poll } from '../../scripts/testbed/processes.ts';
import type { PartState } from '../../scripts/testbed/state.ts';
import { packageFile } from '../../src/core/package-root.ts';
import { systems } from '../systems/bed.ts';
import { type OtherBed, otherBed, traces } from '../systems/other-bed.ts';

// The run's own cluster stays up meanwhile: two beds side by side.
const bed = await systems('kubernetes', 'postgres');
const minutes = 60_000;

describe.skipIf(!bed)('a bed', () => {
  let other: OtherBed;
  let before: Awaited<ReturnType<typeof traces>>;

  beforeAll(async () => {
    other = await otherBed();
    before = await traces(other.number);
  });
  afterAll(() => other[Symbol.asyncDispose]());

  const stateOf = async (part: string): Promise<PartState> =>
    JSON.parse(
      await readFile(join(other.home, 'beds', String(other.number), part, 'part.json'), 'utf8'),
    );
  const statusOf = async (part: string): Promise<string> => {
    const { stdout } = await other.testbed(['status', '--json']);
    const { parts } = JSON.parse(stdout);
    return parts.find((entry: { part: string }) => entry.part === part).state;
  };
  const nodes = (kubeconfig: string) =>
    kubectl(['get', 'nodes', '-o', 'name'], kubeconfig).then((text) => text.trim().split('\n'));

  it(
    'comes up after its processes were killed, beside another, and leaves nothing behind',
    async () => {
      const up = await other.testbed(['up', '--only', 'kubernetes,postgres']);
      expect([up.exitCode, up.stderr]).toEqual([0, expect.stringContaining('kubernetes: up')]);
      const kubeconfig = /KUBECONFIG='(.*)'/.exec(up.stdout)?.[1] ?? '';
      expect(await nodes(kubeconfig)).toEqual(['node/node1', 'node/node2']);
      expect(await nodes(bed?.('KUBECONFIG') ?? '')).toEqual(['node/node1', 'node/node2']);
      expect(await traces(other.number)).not.toEqual(before);

      const again = await other.testbed(['up', '--only', 'kubernetes,postgres']);
      expect([again.exitCode, again.stderr, again.stdout]).toEqual([0, '', up.stdout]);

      const killed = await stateOf('kubernetes');
      for (const { pid } of Object.values(killed.processes)) process.kill(pid, 'SIGKILL');
      await poll(10, async () => ((await statusOf('kubernetes')) === 'broken' ? true : undefined));
      const afresh = await other.testbed(['up', '--only', 'kubernetes,postgres']);
      expect([afresh.exitCode, afresh.stderr]).toEqual([
        0,
        expect.stringMatching(/no longer run; starting it afresh[\s\S]*kubernetes: up/),
      ]);
      expect(await nodes(kubeconfig)).toEqual(['node/node1', 'node/node2']);

      const last = await Promise.all(['kubernetes', 'postgres', 'registry'].map(stateOf));
      expect((await other.testbed(['down'])).exitCode).toBe(0);
      const all = last.flatMap(({ init, processes }) => [init, ...Object.values(processes)]);
      expect(await Promise.all(all.map(isAlive))).toEqual(all.map(() => false));
      expect(await traces(other.number)).toEqual(before);
      expect(await readdir(join(other.home, 'beds'))).toEqual([]);
      expect(await nodes(bed?.('KUBECONFIG') ?? '')).toEqual(['node/node1', 'node/node2']);
    },
    5 * minutes,
  );

  it('ends with the process that owns it, also when that one is killed', async () => {
    const script = `
      const { execFileSync } = await import('node:child_process');
      const { openSync } = await import('node:fs');
      const { createBed } = await import(${JSON.stringify(packageFile('scripts/testbed/bed.ts'))});
      const { bringUp } = await import(${JSON.stringify(packageFile('scripts/testbed/up.ts'))});
      const owner = process.env.DEPLOYCHECK_TESTBED_HOME + '/owner.fifo';
      execFileSync('mkfifo', [owner]);
      globalThis.held = openSync(owner, 'r+');
      await bringUp(createBed(${other.number}), ['postgres'], { say() {}, owner });
      console.log('up');
      setInterval(() => {}, 1000);
    `;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { PATH: process.env.PATH, DEPLOYCHECK_TESTBED_HOME: other.home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(owner.stdout, 'data');
    const { init, processes } = await stateOf('postgres');
    const all = [init, ...Object.values(processes)];
    expect(await Promise.all(all.map(isAlive))).toEqual(all.map(() => true));

    owner.kill('SIGKILL');
    const ended = await poll(20, async () =>
      (await Promise.all(all.map(isAlive))).includes(true) ? undefined : true,
    );
    expect(ended).toBe(true);
    expect(await statusOf('postgres')).toBe('broken');
    expect((await other.testbed(['up', '--only', 'postgres'])).exitCode).toBe(0);
    expect((await other.testbed(['down'])).exitCode).toBe(0);
  });

  async function kubectl(args: readonly string[], kubeconfig: string): Promise<string> {
    const program = bed?.('DEPLOYCHECK_TEST_KUBECTL') ?? '';
    return (await promisify(execFile)(program, [`--kubeconfig=${kubeconfig}`, ...args])).stdout;
  }
});
