import { expect, it } from 'vitest';
import { examine, setOf } from '../testing.ts';
import { check } from './index.ts';

function at(kubeVersions: readonly string[], apiVersion: string, kind: string) {
  const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n`;
  return { ...setOf(text), kubeVersions };
}

it.each([
  [
    ['1.24'],
    'policy/v1beta1',
    'PodDisruptionBudget',
    'is deprecated since Kubernetes 1.21 and gone from 1.25 on; use policy/v1',
  ],
  [
    ['1.32', '1.33'],
    'v1',
    'Endpoints',
    'is deprecated since Kubernetes 1.33; use discovery.k8s.io/v1 EndpointSlice',
  ],
  [
    ['1.36'],
    'networking.k8s.io/v1beta1',
    'ServiceCIDR',
    'is beta, served by Kubernetes 1.36 only with --runtime-config=networking.k8s.io/v1beta1=true; use networking.k8s.io/v1',
  ],
  [
    ['1.35', '1.36'],
    'internal.apiserver.k8s.io/v1alpha1',
    'StorageVersion',
    'is alpha, served by Kubernetes 1.35 and 1.36 only with --runtime-config=internal.apiserver.k8s.io/v1alpha1=true',
  ],
  [
    ['1.33', '1.36'],
    'resource.k8s.io/v1beta1',
    'ResourceClaim',
    // 1.33 does not serve resource.k8s.io/v1.
    'is beta, served by Kubernetes 1.33 and 1.36 only with --runtime-config=resource.k8s.io/v1beta1=true',
  ],
])('at %s of %s %s', async (kubeVersions, apiVersion, kind, message) => {
  const { messages, severities } = await examine(check, at(kubeVersions, apiVersion, kind));
  expect(messages).toEqual([`${apiVersion} ${kind} ${message}`]);
  expect(severities).toEqual(['warning']);
});

it.each([
  [['1.36'], 'apps/v1', 'Deployment'],
  [['1.32'], 'v1', 'Endpoints'],
  // A beta of old that servers served by default, and not deprecated yet.
  [['1.23'], 'storage.k8s.io/v1beta1', 'CSIStorageCapacity'],
  // Gone is for manifest/removed-api, unknown for manifest/schema.
  [['1.36'], 'policy/v1beta1', 'PodDisruptionBudget'],
  [['1.36'], 'example.com/v1alpha1', 'Backend'],
])('is silent at %s for %s %s', async (kubeVersions, apiVersion, kind) => {
  expect((await examine(check, at(kubeVersions, apiVersion, kind))).messages).toEqual([]);
});
