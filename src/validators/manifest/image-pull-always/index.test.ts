import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['IfNotPresent', podWith('imagePullPolicy: IfNotPresent'), 11, 24],
  ['the default of a fixed tag', podWith(), 9, 7],
])('finds %s', async (_, text, line, column) => {
  expect((await examine(check, text)).seen).toEqual([{ messageId: 'kept', line, column }]);
});

it.each([
  ['Always', podWith('imagePullPolicy: Always')],
  ['the default of latest', podWith().replace(':1.4.2', ':latest')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
