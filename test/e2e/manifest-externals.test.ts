import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deploycheck } from './cli.ts';

const pod = `apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  serviceAccountName: robot
  containers:
    - name: web
      image: registry.example/web:1.4.2
      envFrom: [{ secretRef: { name: login } }]
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-externals-'));
  await writeFile(join(folder, 'pod.yaml'), pod);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function validate(config: string, ...args: string[]) {
  await writeFile(join(folder, 'deploycheck.yaml'), `version: 1\n${config}`);
  return deploycheck(
    ['validate', 'manifests', 'pod.yaml', '--server-rules', 'off', '--format', 'json', ...args],
    { cwd: folder },
  );
}

const entries = (...texts: string[]) =>
  `manifests:\n  external:\n${texts.map((text) => `    - "${text}"\n`).join('')}`;

it('believes one declaration for every rule, and says which entry nothing needs', async () => {
  const open = JSON.parse((await validate('')).stdout);
  const known = JSON.parse(
    (await validate(entries('Secret/log*', 'ServiceAccount/robot', 'Secret/old'))).stdout,
  );
  const names = (record: { notExamined: { what: string }[] }) =>
    record.notExamined.map(({ what }) => what).filter((what) => /Secret|Account/.test(what));
  expect(names(open).sort()).toEqual(['Secret login', 'ServiceAccount robot']);
  expect(names(known)).toEqual([]);
  const unneeded = known.findings.filter(({ check }: { check: string }) => /unused/.test(check));
  expect(unneeded).toMatchObject([
    {
      severity: 'info',
      message: 'nothing in these manifests needs Secret/old to be external',
      location: { file: 'deploycheck.yaml', line: 6 },
    },
  ]);
});

it.each(['login', 'Secret/a/b/c', 'Secret/', 'Secret /login'])(
  'refuses %j, which is no declaration',
  async (entry) => {
    const { exitCode, stderr } = await validate(entries(entry));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('deploycheck.yaml:4:7: manifests.external');
    expect(stderr).toContain('expected Kind/name or Kind/namespace/name');
  },
);

it('wants --live where a cluster is named', async () => {
  const { exitCode, stderr } = await validate('', '--context', 'production');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--live');
});
