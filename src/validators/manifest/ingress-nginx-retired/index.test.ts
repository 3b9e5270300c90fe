import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const withImage = (image: string) => podWith().replace('registry.example/web:1.4.2', image);

it.each([
  'registry.k8s.io/ingress-nginx/controller:v1.12.1',
  'registry.example/copies/ingress-nginx/controller-chroot:v1.12.1',
  'quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.33.0',
])('finds %s', async (image) => {
  expect((await examine(check, withImage(image))).seen).toEqual([
    { messageId: 'image', line: 10, column: 14 },
  ]);
});

it.each([
  'nginx/nginx-ingress:4.0.0',
  'registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.5.2',
  'registry.example/my-ingress-nginx/controller:1',
])('is silent for %s', async (image) => {
  expect((await examine(check, withImage(image))).outcome).toBe('pass');
});
