import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const withImage = (image: string) => podWith().replace('registry.example/web:1.4.2', image);

it.each(['web', 'web:1.4.2', 'registry.example:5000/web:latest'])('finds %s', async (image) => {
  const { seen } = await examine(check, withImage(image));
  expect(seen).toEqual([{ messageId: 'no-digest', line: 10, column: 14 }]);
});

it.each([`web@sha256:${'0'.repeat(64)}`, `a/b:1@sha256:${'f'.repeat(64)}`, '":"'])(
  'is silent for %s',
  async (image) => {
    expect((await examine(check, withImage(image))).outcome).toBe('pass');
  },
);
