import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const withImage = (image: string) => podWith().replace('registry.example/web:1.4.2', image);

it.each([
  ['k8s.gcr.io/pause:3.9', 'frozen', 'warning'],
  ['team-docker.bintray.io/web:1', 'gone', 'error'],
  ['bitnami/postgresql:16.4.0', 'moved', 'error'],
  ['docker.io/bitnami/kubectl:1.31', 'moved', 'error'],
])('finds %s', async (image, messageId, severity) => {
  const { seen, severities } = await examine(check, withImage(image));
  expect(seen).toEqual([{ messageId, line: 10, column: 14 }]);
  expect(severities).toEqual([severity]);
});

it.each([
  'registry.k8s.io/pause:3.9',
  'gcr.io/team/web:1',
  'bitnami/nginx:latest',
  'bitnami/minideb:bookworm',
  'bitnamilegacy/nginx:1.27.0',
  'registry.example/bitnami/nginx:1.27.0',
  'bintray.io.example/web:1',
])('is silent for %s', async (image) => {
  expect((await examine(check, withImage(image))).outcome).toBe('pass');
});
