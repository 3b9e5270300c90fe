import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deploycheck } from './cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-targets-'));
  await mkdir(join(folder, 'crds'));
  await writeFile(join(folder, 'budget.yaml'), budget);
  await writeFile(join(folder, 'backend.yaml'), backend);
  await writeFile(join(folder, 'crds/backend.yaml'), definition);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const budget = `apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { maxUnavailible: 1, selector: { matchLabels: { app: web } } }
`;
const backend =
  'apiVersion: example.com/v1\nkind: Backend\nmetadata: { name: b }\nspec: { hots: 1 }\n';
const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: backends.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Backend, plural: backends }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: { spec: { type: object, properties: { hosts: { type: integer } } } }
`;

async function validate(...args: string[]) {
  const { exitCode, stdout } = await deploycheck(
    ['validate', 'manifests', ...args, '--format', 'json'],
    { cwd: folder },
  );
  const findings: { check: string; message: string }[] = JSON.parse(stdout).findings;
  const said = findings.filter(({ check }) => /schema|-api$/.test(check));
  return { exitCode, messages: said.map(({ message }) => message).sort() };
}

const gone = (version: string) =>
  `policy/v1beta1 PodDisruptionBudget is gone since Kubernetes 1.25 and not served by ${version}; use policy/v1`;

it('judges for each of several versions', async () => {
  const { exitCode, messages } = await validate('budget.yaml', '--kube-version', '1.23,1.24,1.30');
  expect([exitCode, messages]).toEqual([
    1,
    [
      'maxUnavailible is no field of spec; did you mean maxUnavailable? (Kubernetes 1.23 and 1.24)',
      'policy/v1beta1 PodDisruptionBudget is deprecated since Kubernetes 1.21 and gone from 1.25 on; use policy/v1',
      gone('1.30'),
    ],
  ]);
});

it('takes the versions of the environment, which a flag overrides', async () => {
  const text = `version: 1
environments:
  staging: { kubeVersion: ["1.29", "1.31"] }
  production: { kubeVersion: "1.28" }
`;
  await writeFile(join(folder, 'deploycheck.yaml'), text);
  expect((await validate('budget.yaml')).messages).toEqual([gone('1.29 and 1.31')]);
  const named = await validate('budget.yaml', '--env', 'production');
  expect(named.messages).toEqual([gone('1.28')]);
  const flag = await validate('--kube-version', '1.27', 'budget.yaml');
  expect(flag.messages).toEqual([gone('1.27')]);
});

it('takes definitions from the flag and from the configuration', async () => {
  const field = 'hots is no field of spec; did you mean hosts?';
  expect(await validate('backend.yaml')).toEqual({ exitCode: 3, messages: [] });
  expect(await validate('backend.yaml', '--crds', 'crds')).toEqual({
    exitCode: 1,
    messages: [field],
  });
  await writeFile(join(folder, 'deploycheck.yaml'), 'version: 1\nmanifests: { crds: [crds] }\n');
  expect((await validate('backend.yaml')).messages).toEqual([field]);
  expect(
    (await deploycheck(['validate', 'manifests', '.', '--crds', 'no'], { cwd: folder })).exitCode,
  ).toBe(2);
});
