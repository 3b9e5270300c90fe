import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFile } from '../../src/core/package-root.ts';
import type { RunRecord } from '../../src/core/record.ts';
import { hasTool } from '../systems/tools.ts';
import { deploycheck, newKey, shopWorkspace, type Workspace } from './cli.ts';

let shop: Workspace;
let cwd: string;
let alice: Awaited<ReturnType<typeof newKey>>;
let bob: Awaited<ReturnType<typeof newKey>>;

const hasKeys = hasTool('ssh-keygen');

beforeAll(async () => {
  if (!hasKeys) return;
  shop = await shopWorkspace();
  cwd = shop.release('v2');
  alice = await newKey(shop.folder, 'alice', ['release', 'waiver']);
  bob = await newKey(shop.folder, 'bob', ['release']);
  await writeFile(join(shop.folder, 'allowed_signers'), alice.line + bob.line);
});
afterAll(() => shop?.[Symbol.asyncDispose]());

async function checklist(): Promise<{ exitCode: number | undefined; record: RunRecord }> {
  const { exitCode, stdout } = await deploycheck(['checklist', '--format', 'json'], { cwd });
  return { exitCode, record: JSON.parse(stdout) };
}

function waive(target: string, who = alice, ...more: string[]) {
  const args = ['waive', target, '--reason', 'not before May', '--key', who.key];
  return deploycheck([...args, '--identity', who.identity, ...more], { cwd });
}

/** The clock may be replaced in tests: a Date that is fifteen days ahead, in the process under test. */
function execaWithFutureClock(args: readonly string[], cwd: string) {
  const shift = 15 * 24 * 3_600_000;
  const preload = `const RealDate = Date; globalThis.Date = class extends RealDate {
    constructor(...args) { if (args.length === 0) super(RealDate.now() + ${shift}); else super(...args); }
    static now() { return RealDate.now() + ${shift}; }
  };`;
  return execa(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(preload)}`,
      packageFile('bin/run.js'),
      ...args,
    ],
    { cwd, reject: false, stdin: 'ignore' },
  );
}

describe.skipIf(!hasKeys)('waivers', () => {
  it('turn every pending item into a waived one, and then the release can be approved', async () => {
    const { record } = await checklist();
    const open = record.items.filter((item) => item.status === 'pending').map((item) => item.id);
    for (const item of open) expect((await waive(item)).exitCode).toBe(0);

    const after = await checklist();
    expect(after.exitCode).toBe(3);
    expect(after.record.gates).toEqual({ evidence: 'go', signoff: 'waiting' });
    expect(after.record.waivers.every((waiver) => waiver.state === 'used')).toBe(true);
  });

  it('cannot be followed by an approval of the same person', async () => {
    const sign = (who: typeof alice) => {
      const args = ['sign', 'last', '--decision', 'approve', '--key', who.key, '--identity'];
      return deploycheck([...args, who.identity], { cwd });
    };
    const verify = () => deploycheck(['verify', 'last'], { cwd });
    expect((await sign(bob)).exitCode).toBe(0);
    expect(await verify()).toMatchObject({ exitCode: 0 });
    const { exitCode, stderr } = await sign(alice);
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('(approval-conflict)')]);
    expect(stderr).toContain('alice@example.com signed the waiver');
    expect(await verify()).toMatchObject({ exitCode: 0 });
  });

  it('end, and the approval of a run that used them with them', async () => {
    const other = await shopWorkspace();
    const options = { cwd: other.release('v2') };
    await writeFile(join(other.folder, 'allowed_signers'), alice.line + bob.line);
    const named = (who: typeof alice) => ['--key', who.key, '--identity', who.identity];
    await deploycheck(['checklist', '--quiet'], options);
    const { stdout } = await deploycheck(['report', 'last', '--format', 'json'], options);
    const open = (JSON.parse(stdout) as RunRecord).items.filter(
      (item) => item.status === 'pending',
    );
    for (const { id } of open) {
      await deploycheck(['waive', id, '--reason', 'x', ...named(alice)], options);
    }
    await deploycheck(['checklist', '--quiet'], options);
    await deploycheck(['sign', 'last', '--decision', 'approve', ...named(bob)], options);
    expect((await deploycheck(['verify', 'last'], options)).exitCode).toBe(0);
    // Two weeks on, as the tool sees it: the waivers' time is over, and so is the decision's.
    const later = await execaWithFutureClock(['verify', 'last'], options.cwd);
    await other[Symbol.asyncDispose]();
    expect([later.exitCode, later.stderr]).toEqual([
      4,
      expect.stringMatching(/waiver w-\S+ ended at/),
    ]);
  });

  it('no longer count when what they covered changed', async () => {
    await appendFile(join(cwd, 'manifests/service.yaml'), '# changed\n');
    const { record } = await checklist();
    expect(record.gates.evidence).toBe('pending');
    expect(record.waivers.every((waiver) => waiver.state === 'stale')).toBe(true);
  });

  it('need the role waiver', async () => {
    const { exitCode, stderr } = await waive('performance', bob);
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('role waiver')]);
  });

  it('run 30 days at most', async () => {
    const { exitCode, stderr } = await waive('performance', alice, '--for', '31d');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('30 days')]);
  });

  it('have a reason and an owner', async () => {
    expect((await waive('performance', alice, '--owner', ' ')).exitCode).toBe(2);
    expect((await waive('performance', alice, '--for', '0s')).exitCode).toBe(2);
  });

  it('are for what is open', async () => {
    const { exitCode, stderr } = await waive('images');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('item images is pass')]);
  });

  it('stand in files that nobody else writes', async () => {
    const file = join(cwd, 'deploycheck.waivers/note.json');
    await writeFile(file, '{}');
    const { exitCode, stderr } = await deploycheck(['checklist'], { cwd });
    await rm(file);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('(waiver-unreadable)')]);
  });

  it('are for something that is there', async () => {
    const { exitCode, stderr } = await waive('performnce');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("'performnce' is neither")]);
  });

  it('cannot cover a secret, and cover another finding of v3 by its fingerprint', async () => {
    cwd = shop.release('v3');
    const { record } = await checklist();
    const secret = record.findings.find((finding) => finding.check === 'secret/in-files');
    const refused = await waive(secret?.fingerprint ?? '');
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      expect.stringContaining('cannot be waived'),
    ]);
    for (const item of ['least-privilege', 'images']) {
      const { exitCode, stderr } = await waive(item);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('which cannot be waived')]);
    }
    const budget = record.findings.find((one) => one.check === 'manifest/disruption-budget');
    expect((await waive(budget?.fingerprint ?? '')).exitCode).toBe(0);
    const again = (await checklist()).record;
    const waived = again.findings.filter((finding) => finding.waivedBy !== null);
    expect(waived.map((finding) => finding.fingerprint)).toEqual([budget?.fingerprint]);
  });

  it('do not count when one byte of them was changed', async () => {
    const { record } = await checklist();
    const [waiver] = record.waivers;
    const file = join(cwd, 'deploycheck.waivers', `${waiver?.id}.json`);
    await writeFile(file, (await readFile(file, 'utf8')).replace('May', 'Mai'));
    const after = await checklist();
    expect(after.record.waivers[0]).toMatchObject({ state: 'invalid' });
    expect(after.record.findings.filter((finding) => finding.waivedBy !== null)).toEqual([]);
  });
});
