import { expect, it } from 'vitest';
import { readSchemaPool } from '../schema-pool.ts';
import { documents, examine, setOf } from '../testing.ts';
import { check } from './index.ts';

function at(kubeVersions: readonly string[], ...kinds: readonly (readonly [string, string])[]) {
  const texts = kinds.map(
    ([apiVersion, kind], index) =>
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x${index}}\n`,
  );
  return { ...setOf(documents(...texts)), kubeVersions };
}

it.each([
  ['extensions/v1beta1', 'Ingress', '1.22', '; use networking.k8s.io/v1'],
  [
    'apiextensions.k8s.io/v1beta1',
    'CustomResourceDefinition',
    '1.22',
    '; use apiextensions.k8s.io/v1',
  ],
  ['policy/v1beta1', 'PodDisruptionBudget', '1.25', '; use policy/v1'],
  ['policy/v1beta1', 'PodSecurityPolicy', '1.25', ''],
  ['events.k8s.io/v1beta1', 'Event', '1.25', '; use events.k8s.io/v1'],
  // Announced was v1beta3, which is gone, too.
  [
    'flowcontrol.apiserver.k8s.io/v1beta2',
    'FlowSchema',
    '1.29',
    '; use flowcontrol.apiserver.k8s.io/v1',
  ],
  ['resource.k8s.io/v1alpha2', 'ResourceClaim', '1.31', '; use resource.k8s.io/v1'],
])('%s %s is gone', async (apiVersion, kind, gone, instead) => {
  const { messages, seen } = await examine(check, at(['1.36'], [apiVersion, kind]));
  expect(seen).toEqual([{ messageId: 'removed', line: 1, column: 13 }]);
  expect(messages).toEqual([
    `${apiVersion} ${kind} is gone since Kubernetes ${gone} and not served by 1.36${instead}`,
  ]);
});

it('names the targets that refuse it', async () => {
  const target = at(
    ['1.31', '1.33', '1.32'],
    ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema'],
  );
  expect((await examine(check, target)).messages).toEqual([
    'flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema is gone since Kubernetes 1.32 and not served by 1.32 and 1.33; use flowcontrol.apiserver.k8s.io/v1',
  ]);
});

it.each([
  [['1.24'], 'policy/v1beta1', 'PodDisruptionBudget'],
  [['1.36'], 'resource.k8s.io/v1beta1', 'DeviceClass'],
  // Yet to come, never there, and somebody else's: all for manifest/schema.
  [['1.33'], 'resource.k8s.io/v1', 'DeviceClass'],
  [['1.36'], 'policy/v1', 'PodSecurityPolicy'],
  [['1.36'], 'example.com/v1beta1', 'PodDisruptionBudget'],
])('is silent at %s for %s %s', async (kubeVersions, apiVersion, kind) => {
  const { seen, outcome } = await examine(check, at(kubeVersions, [apiVersion, kind]));
  expect([seen, outcome]).toEqual([[], 'pass']);
});

it('takes the newest version unless told otherwise', async () => {
  const { versions } = await readSchemaPool();
  const { messages } = await examine(check, at([], ['policy/v1beta1', 'PodDisruptionBudget']));
  expect(messages[0]).toContain(`not served by ${versions.at(-1)};`);
});

it('refuses a version it does not know', async () => {
  expect((await examine(check, at(['1.7'], ['v1', 'Pod']))).fault).toBe('config-invalid');
});
