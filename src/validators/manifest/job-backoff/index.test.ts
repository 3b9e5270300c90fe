import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const job = (fields: string) =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec:\n  ${fields}\n`;
const cron = (fields: string) =>
  `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  jobTemplate: {spec: {${fields}}}\n`;

it.each([
  ['a Job', job('parallelism: 1'), 3],
  ['a CronJob', cron('parallelism: 1'), 23],
])('finds %s that does not say', async (_, text, column) => {
  expect((await examine(check, text)).seen).toEqual([{ messageId: 'unset', line: 5, column }]);
});

it.each([
  ['no second try', job('backoffLimit: 0')],
  ['tries for each index', job('backoffLimitPerIndex: 1')],
  ['a CronJob that says it', cron('backoffLimit: 2')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
