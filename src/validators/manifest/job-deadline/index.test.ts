import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const job = (fields: string) =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec:\n  ${fields}\n`;
const cron = (fields: string) =>
  `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  jobTemplate: {spec: {${fields}}}\n`;

it.each([
  ['a Job', job('backoffLimit: 3'), 5, 3, 'Job j may run for ever'],
  ['a CronJob', cron('backoffLimit: 3'), 5, 23, 'CronJob c may run for ever'],
  [
    'a deadline for the start alone',
    cron('x: 1').concat('  startingDeadlineSeconds: 60\n'),
    5,
    23,
    'CronJob c may run for ever',
  ],
])('finds %s', async (_, text, line, column, message) => {
  const { seen, messages } = await examine(check, text);
  expect(seen).toEqual([{ messageId: 'unset', line, column }]);
  expect(messages).toEqual([message]);
});

it.each([
  ['a Job', job('activeDeadlineSeconds: 60')],
  ['its pods', job('template: {spec: {activeDeadlineSeconds: 60}}')],
  ['a CronJob', cron('activeDeadlineSeconds: 60')],
])('is silent for a deadline of %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
