import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deploycheck } from './cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-rules-'));
  await mkdir(join(folder, 'released'));
  await mkdir(join(folder, 'deploy'));
  await write('released/web.yaml', deployment('web'));
  await write('deploy/web.yaml', deployment('web'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);

const deployment = (app: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 4
  selector: { matchLabels: { app: ${app} } }
  template:
    metadata: { labels: { app: ${app} } }
    spec:
      containers:
        - name: web
          image: registry.example/web:1.4.2
`;
const policy = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: few-replicas }
spec:
  matchConstraints:
    resourceRules:
      - { apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments] }
  validations:
    - { expression: object.spec.replicas <= 3, message: no more than three replicas }
`;

async function validate(...args: string[]) {
  const { exitCode, stdout, stderr } = await deploycheck(
    ['validate', 'manifests', 'deploy', ...args, '--format', 'json'],
    { cwd: folder },
  );
  const { findings }: { findings: { check: string; message: string }[] } = JSON.parse(stdout);
  const said = findings.filter(({ check }) => check === 'manifest/server-rules');
  return { exitCode, stderr, messages: said.map(({ message }) => message) };
}

it('finds what cannot be changed of what is deployed', async () => {
  expect((await validate('--before', 'released')).messages).toEqual([]);
  await write('deploy/web.yaml', deployment('shop'));
  const { exitCode, messages } = await validate('--before', 'released');
  expect([exitCode, messages]).toEqual([
    1,
    [expect.stringMatching(/^Kubernetes 1\.34 refuses spec\.selector: .*field is immutable$/s)],
  ]);
});

it('holds to a level of Pod Security that is asked for', async () => {
  expect((await validate()).messages).toEqual([]);
  const asked = await validate('--pod-security', 'restricted@v1.30');
  expect(asked.messages.join()).toContain('runAsNonRoot != true');
  await write('deploycheck.yaml', 'version: 1\nmanifests: { podSecurity: restricted }\n');
  expect((await validate()).messages).toEqual(asked.messages);
  const { exitCode, stderr } = await deploycheck(
    ['validate', 'manifests', 'deploy', '--pod-security', 'restrict'],
    { cwd: folder },
  );
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('expected privileged, baseline')]);
  await write('deploycheck.yaml', 'version: 1\nmanifests: { podSecurity: restrict }\n');
  expect(
    (await deploycheck(['validate', 'manifests', 'deploy'], { cwd: folder })).stderr,
  ).toContain('deploycheck.yaml:2:27: manifests.podSecurity');
});

it('has policies of the configuration as rules', async () => {
  await write('policy.yaml', policy);
  await write('deploycheck.yaml', 'version: 1\nrules: { custom: [policy.yaml] }\n');
  const { exitCode, messages } = await validate();
  const said = 'the ValidatingAdmissionPolicy few-replicas denies it: no more than three replicas';
  expect([exitCode, messages]).toEqual([1, [said]]);
  expect((await validate('--kube-version', '1.37')).messages).toEqual([said]);
  await write('policy.yaml', policy.replace('<= 3', '<= three'));
  const broken = await deploycheck(['validate', 'manifests', 'deploy'], { cwd: folder });
  expect(broken.exitCode).toBe(2);
  expect(broken.stdout).toMatch(/policy\.yaml:3:\d+: ValidatingAdmissionPolicy few-replicas/);
});
