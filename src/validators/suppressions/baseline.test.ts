import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { podWith, setOf } from '../manifest/testing.ts';
import { readBaseline, writeBaseline } from './baseline.ts';
import { examine } from './testing.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-baseline-'));
  file = join(folder, 'known.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const on = (day: string) => ({ now: () => new Date(`${day}T12:00:00Z`) });
const only = ['manifest/image-tag', 'manifest/host-namespaces', 'secret/in-manifests'];
const old = podWith('', 'hostPID: true').replace(':1.4.2', ':latest');

async function findingsOf(text: string) {
  return (await examine(setOf(text), { only })).run.findings;
}
async function against(text: string, checklist = false) {
  const baseline = await readBaseline(file, 'known.json');
  return examine(setOf(text), { only, sources: { baseline }, checklist });
}

describe('a baseline', () => {
  it('covers what was found, wherever its lines went, and nothing else', async () => {
    await writeBaseline(file, await findingsOf(old), on('2026-05-01'));
    const moved = `# a line\n${old}`.replace('hostPID: true', 'hostPID: true\n  hostIPC: true');
    const { suppressed, left, said, reasons } = await against(moved);
    expect(suppressed).toEqual([
      'manifest/host-namespaces spec.hostPID baseline',
      'manifest/image-tag spec.containers[0].image baseline',
    ]);
    expect(left).toEqual(['manifest/host-namespaces spec.hostIPC']);
    expect(said).toEqual([]);
    expect(reasons[0]).toBe('in the baseline since 2026-05-01');
  });

  it('tells of what is not there any more', async () => {
    await writeBaseline(file, await findingsOf(old), on('2026-05-01'));
    const { suppressed, said, run } = await against(old.replace(':latest', ':1.4.2'));
    expect(suppressed.length).toBe(1);
    expect(said).toEqual([
      'gone 11:5 the baseline has a finding of manifest/image-tag in Pod/web that is not there any more: image registry.example/web:latest has the tag latest, which moves',
    ]);
    expect(run.findings.map(({ severity }) => severity)).toEqual(['info']);
  });

  it('is sorted, and the same when written again', async () => {
    const findings = await findingsOf(old);
    await writeBaseline(file, findings.toReversed(), on('2026-05-01'));
    const first = await readFile(file, 'utf8');
    await writeBaseline(file, findings, on('2026-07-01'));
    expect(await readFile(file, 'utf8')).toBe(first);
    expect(JSON.parse(first)).toEqual({
      baseline: 1,
      findings: [
        {
          rule: 'manifest/host-namespaces',
          object: 'Pod/web',
          message: 'Pod web shares the namespace of its node: hostPID',
          fingerprint: findings.find(({ check }) => check.endsWith('namespaces'))?.fingerprint,
          since: '2026-05-01',
        },
        expect.objectContaining({ rule: 'manifest/image-tag' }),
      ],
    });
  });

  it('keeps the day of what stays, and gives today to what comes', async () => {
    await writeBaseline(file, await findingsOf(old.replace(':latest', ':1')), on('2026-05-01'));
    await writeBaseline(file, await findingsOf(old), on('2026-07-01'));
    const { entries } = await readBaseline(file, 'known.json');
    expect(entries.map(({ since }) => since)).toEqual(['2026-05-01', '2026-07-01']);
  });

  it('covers no secret that somebody writes into it', async () => {
    const secret = podWith('env: [{name: DB_PASSWORD, value: vN9xQ2mK4pT7}]');
    await writeBaseline(file, await findingsOf(secret), on('2026-05-01'));
    const { suppressed, left, said } = await against(secret);
    expect(suppressed).toEqual([]);
    expect(left).toEqual(['secret/in-manifests spec.containers[0].env[0].value']);
    expect(said.map((line) => line.split(' ').slice(0, 2))).toEqual([['never', '4:5']]);
  });

  it('covers no critical rule in a checklist', async () => {
    await writeBaseline(file, await findingsOf(old), on('2026-05-01'));
    const { suppressed, left, said } = await against(old, true);
    expect([suppressed, left.length]).toEqual([[], 2]);
    expect(said.map((line) => line.split(' ')[0])).toEqual(['needs-waiver']);
  });
});

describe('a file that is no baseline', () => {
  const entry =
    '{"rule":"a/b","object":"","message":"","fingerprint":"00000000000000000000000000000000","since":"2026-01-01"}';

  it.each([
    ['no JSON', 'rules: []', 'known.json is no JSON'],
    ['another document', '[]', 'known.json: the file: Invalid input'],
    ['another version', '{"baseline":2,"findings":[]}', 'known.json: baseline: Invalid input'],
    [
      'a broken fingerprint',
      `{"baseline":1,"findings":[${entry.replace('0000"', '"')}]}`,
      'known.json: findings.0.fingerprint',
    ],
    [
      'a day that there is not',
      `{"baseline":1,"findings":[${entry.replace('01-01', '13-01')}]}`,
      'known.json: findings.0.since',
    ],
    [
      'something more',
      `{"baseline":1,"findings":[],"note":1}`,
      'known.json: the file: Unrecognized key',
    ],
    [
      'a finding twice',
      `{"baseline":1,"findings":[${entry},${entry}]}`,
      'known.json: 00000000000000000000000000000000 is there twice',
    ],
  ])('is a fault, and is not written over: %s', async (_, text, message) => {
    await writeFile(file, text);
    await expect(readBaseline(file, 'known.json')).rejects.toMatchObject({
      code: 'baseline-invalid',
      message: expect.stringContaining(message),
    });
    await expect(writeBaseline(file, [], on('2026-05-01'))).rejects.toMatchObject({
      code: 'baseline-invalid',
    });
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('is a fault when it is a folder, or not there', async () => {
    await expect(readBaseline(folder, 'x')).rejects.toMatchObject({ code: 'baseline-invalid' });
    await expect(readBaseline(file, 'x')).rejects.toMatchObject({ code: 'input-missing' });
  });
});
