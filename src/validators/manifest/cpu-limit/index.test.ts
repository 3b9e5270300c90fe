import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const limited = podWith('resources: {limits: {cpu: 1}}');

it('finds what is forbidden, and what is missing', async () => {
  expect((await examine(check, limited, { want: 'forbidden' })).seen).toEqual([
    { messageId: 'present', line: 11, column: 28 },
  ]);
  expect((await examine(check, podWith(), { want: 'required' })).seen).toEqual([
    { messageId: 'missing', line: 9, column: 7 },
  ]);
});

it('is silent for what is wanted', async () => {
  expect((await examine(check, limited, { want: 'required' })).outcome).toBe('pass');
  expect((await examine(check, podWith(), { want: 'forbidden' })).outcome).toBe('pass');
  const ofPod = podWith('', 'resources: {limits: {cpu: 1}}');
  expect((await examine(check, ofPod, { want: 'required' })).outcome).toBe('pass');
});

it('has no opinion of its own', async () => {
  const { notMeant, seen } = await examine(check, limited);
  expect(notMeant).toHaveLength(1);
  expect(seen).toEqual([]);
});

it('refuses another word', async () => {
  expect((await examine(check, limited, { want: 'maybe' })).fault).toBe('config-invalid');
});
