import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const cron = (fields: string) =>
  `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  ${fields}\n`;

it.each([
  ['none', 'suspend: false', 'unset', 3, 'info'],
  ['one that is over before anybody looks', 'startingDeadlineSeconds: 9', 'short', 28, 'warning'],
])('finds %s', async (_, fields, messageId, column, severity) => {
  const { seen, severities } = await examine(check, cron(fields));
  expect(seen).toEqual([{ messageId, line: 5, column }]);
  expect(severities).toEqual([severity]);
});

it('is silent for one that leaves time', async () => {
  expect((await examine(check, cron('startingDeadlineSeconds: 10'))).outcome).toBe('pass');
});
