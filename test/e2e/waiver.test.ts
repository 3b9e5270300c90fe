import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/core/record.ts';
import { deploycheck, newKey, shopWorkspace, type Workspace } from './cli.ts';

let shop: Workspace;
let cwd: string;
let alice: Awaited<ReturnType<typeof newKey>>;
let bob: Awaited<ReturnType<typeof newKey>>;

beforeAll(async () => {
  shop = await shopWorkspace();
  cwd = shop.release('v2');
  alice = await newKey(shop.folder, 'alice', ['release', 'waiver']);
  bob = await newKey(shop.folder, 'bob', ['release']);
  await writeFile(join(shop.folder, 'allowed_signers'), alice.line + bob.line);
});
afterAll(() => shop[Symbol.asyncDispose]());

async function checklist(): Promise<{ exitCode: number | undefined; record: RunRecord }> {
  const { exitCode, stdout } = await deploycheck(['checklist', '--format', 'json'], { cwd });
  return { exitCode, record: JSON.parse(stdout) };
}

function waive(target: string, who = alice, ...more: string[]) {
  const args = ['waive', target, '--reason', 'not before May', '--key', who.key];
  return deploycheck([...args, '--identity', who.identity, ...more], { cwd });
}

describe('waivers', () => {
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
