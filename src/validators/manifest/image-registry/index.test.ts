import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const withImage = (image: string) => podWith().replace('registry.example/web:1.4.2', image);
const allow = ['registry.example:5000', '*.example.com', 'docker.io/library', 'ghcr.io/team/'];

it.each([
  'registry.example/web:1',
  'team/web:1',
  'ghcr.io/teams/web:1',
  'example.com/web:1',
  'registry.example.com.evil.example/web:1',
])('finds %s', async (image) => {
  const { seen } = await examine(check, withImage(image), { allow });
  expect(seen).toEqual([{ messageId: 'elsewhere', line: 10, column: 14 }]);
});

it.each(['registry.example:5000/a/web:1', 'a.b.example.com/web:1', 'nginx', 'ghcr.io/team/web:1'])(
  'is silent for %s',
  async (image) => {
    expect((await examine(check, withImage(image), { allow })).outcome).toBe('pass');
  },
);

it('is switched off where nothing is allowed by name', async () => {
  const { notMeant, seen } = await examine(check, podWith());
  expect(notMeant).toEqual(['it has no option `allow`, which names the registries']);
  expect(seen).toEqual([]);
});

it.each([[[]], ['registry.example'], [[1]]])('refuses the option %j', async (wrong) => {
  expect((await examine(check, podWith(), { allow: wrong })).fault).toBe('config-invalid');
});
