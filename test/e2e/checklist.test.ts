import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunRecord, recordSchema } from '../../src/core/record.ts';
import { deploycheck, shopWorkspace, type Workspace } from './cli.ts';
import { isNamed, plantsOf } from './plants.ts';

let shop: Workspace;
beforeAll(async () => {
  shop = await shopWorkspace();
});
afterAll(() => shop[Symbol.asyncDispose]());

async function checklist(release: 'v1' | 'v2' | 'v3', ...flags: string[]) {
  const cwd = shop.release(release);
  const result = await deploycheck(['checklist', '--format', 'json', ...flags], { cwd });
  const record: RunRecord = recordSchema.parse(JSON.parse(result.stdout));
  return { ...result, record };
}

function statuses(record: RunRecord): Record<string, string> {
  return Object.fromEntries(record.items.map(({ id, status }) => [id, status]));
}

describe('checklist on release v2', () => {
  it('is pending, and only on what is not there yet', async () => {
    const { exitCode, record } = await checklist('v2');
    expect(exitCode).toBe(3);
    expect(statuses(record)).toEqual({
      images: 'pass',
      provenance: 'pending',
      manifests: 'pass',
      resilience: 'pass',
      'least-privilege': 'pass',
      configuration: 'pending',
      performance: 'pending',
      migrations: 'pending',
      backups: 'pending',
      simulation: 'pending',
      rollback: 'pending',
      operations: 'pending',
    });
    expect(record.items.map((item) => item.n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(record.findings.filter((finding) => finding.severity === 'error')).toEqual([]);
    expect(record.items.filter(({ status, reason }) => status === 'pending' && !reason)).toEqual(
      [],
    );
  });

  it('binds configuration, image, manifests and migrations', async () => {
    const { record } = await checklist('v2');
    expect(record.inputs.map((input) => input.kind).sort()).toEqual([
      'config',
      'environment',
      'image',
      'manifestSet',
      'migrationSet',
    ]);
  });

  it('gives the same digests and findings again', async () => {
    const [one, two] = await Promise.all([checklist('v2'), checklist('v2')]);
    expect(one.record.inputs).toEqual(two.record.inputs);
    expect(one.record.findings).toEqual(two.record.findings);
  });

  it('does not wait for a person when only evidence is required', async () => {
    const { record } = await checklist('v2', '--require', 'evidence');
    expect(record.gates.evidence).toBe('pending');
  });
});

describe('a critical rule that is switched off', () => {
  it('leaves its item open, and the record names it', async () => {
    const file = join(shop.release('v1'), 'deploycheck.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, `${text}\nrules: { disable: [manifest/privileged] }\n`);
    const { record } = await checklist('v1');
    await writeFile(file, text);
    expect(statuses(record)['least-privilege']).toBe('pending');
    expect(record.notExamined.map(({ what }) => what)).toContain('manifest/privileged');
  });
});

describe('a chart that cannot be rendered', () => {
  it('is pending with the way around, and does not pass', async () => {
    const folder = shop.release('v1');
    const file = join(folder, 'deploycheck.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('manifests: [manifests]', 'helm: { chart: chart }'));
    const { record } = await checklist('v1');
    await writeFile(file, text);
    const item = record.items.find(({ id }) => id === 'manifests');
    // The fault manifests-not-rendered: there is something to look at, and it was not.
    expect(item).toMatchObject({
      status: 'pending',
      reason: expect.stringContaining('helm'),
    });
  });
});

describe('checklist on release v3', () => {
  it('fails, and names every plant of items 1, 3, 4 and 5 where it stands', async () => {
    const { exitCode, record } = await checklist('v3');
    expect(exitCode).toBe(1);
    expect(statuses(record)).toMatchObject({
      images: 'fail',
      manifests: 'fail',
      resilience: 'fail',
      'least-privilege': 'fail',
    });
    const plants = await plantsOf(1, 3, 4, 5);
    expect(plants.length).toBeGreaterThan(15);
    expect(plants.filter((plant) => !isNamed(plant, record)).map((plant) => plant.what)).toEqual(
      [],
    );
  });

  it('cannot be approved', async () => {
    const args = ['sign', 'last', '--decision', 'approve', '--identity', 'a@example.com'];
    const { exitCode, stderr } = await deploycheck(args, { cwd: shop.release('v3') });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('(approval-no-go)')]);
    expect(stderr).toContain('1 images: fail');
  });

  it('shows no secret, in any format', async () => {
    const secret = /glpat-[\w-]{20}|sk_live_\w{24}/;
    const settings = await readFile(`${shop.release('v3')}/src/settings.json`, 'utf8');
    expect(settings).toMatch(secret);
    for (const format of ['text', 'json', 'markdown', 'html', 'sarif', 'junit']) {
      const { stdout, stderr } = await deploycheck(['checklist', '--format', format], {
        cwd: shop.release('v3'),
      });
      expect(stdout).not.toMatch(secret);
      expect(stderr).not.toMatch(secret);
    }
  });
});
