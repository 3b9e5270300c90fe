import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const withImage = (image: string) => podWith().replace('registry.example/web:1.4.2', image);
const digest = `sha256:${'0'.repeat(64)}`;

it.each([
  ['web', 'no-tag'],
  ['registry.example:5000/team/web', 'no-tag'],
  ['web:', 'no-tag'],
  ['web:latest', 'latest'],
  ['registry.example:5000/web:latest', 'latest'],
  ['web:LATEST', 'latest'],
  ['web:main', 'moving'],
  ['localhost:5000/web:stable', 'moving'],
  ['web@sha256:zzz', 'invalid'],
  ['NGINX :1 2', 'invalid'],
  ['Web:1', 'invalid'],
])('finds %s', async (image, messageId) => {
  const { seen, paths } = await examine(check, withImage(JSON.stringify(image)));
  expect(seen).toEqual([{ messageId, line: 10, column: 14 }]);
  expect(paths).toEqual(['spec.containers[0].image']);
});

it.each([
  'web:1.4.2',
  'Registry.example:5000/a/b_c/web:1-x',
  `web@${digest}`,
  `web:latest@${digest}`,
  '""',
])('is silent for %s', async (image) => {
  expect((await examine(check, withImage(image))).outcome).toBe('pass');
});

it('looks at init containers too', async () => {
  const { paths } = await examine(check, podWith('', 'initContainers:\n  - {name: i, image: x}'));
  expect(paths).toEqual(['spec.initContainers[0].image']);
});
