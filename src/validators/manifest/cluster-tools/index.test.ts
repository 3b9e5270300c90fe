import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const withImage = (image: string) => podWith().replace('registry.example/web:1.4.2', image);

it.each([
  ['gcr.io/kubernetes-helm/tiller:v2.17.0', 'tiller'],
  ['tiller', 'tiller'],
  ['localhost:5000/tiller@sha256:0', 'tiller'],
  ['kubernetesui/dashboard:v2.7.0', 'dashboard'],
  ['docker.io/kubernetesui/dashboard-api:1.14.0', 'dashboard'],
  ['registry.example/kubernetes-dashboard-amd64:v1.10.1', 'dashboard'],
])('finds %s', async (image, messageId) => {
  const { seen } = await examine(check, withImage(image));
  expect(seen).toEqual([{ messageId, line: 10, column: 14 }]);
});

it.each([
  'registry.example/web:tiller',
  'registry.example/tiller/web:1',
  'registry.example/distiller:1',
  'registry.example/shop/dashboard:1',
  '7',
])('is silent for %s', async (image) => {
  expect((await examine(check, withImage(image))).outcome).toBe('pass');
});
