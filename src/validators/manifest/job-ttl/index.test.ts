import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const job = (fields = '', metadata = 'name: j') =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: {${metadata}}\nspec:\n  backoffLimit: 1\n${fields}`;

it.each([
  ['nothing', job()],
  ['a null', job('  ttlSecondsAfterFinished:\n')],
])('finds %s', async (_, text) => {
  const { seen } = await examine(check, text);
  expect(seen.map(({ messageId }) => messageId)).toEqual(['unset']);
});

it('points at the specification', async () => {
  expect((await examine(check, job())).seen).toEqual([{ messageId: 'unset', line: 5, column: 3 }]);
});

it.each([
  ['a time', job('  ttlSecondsAfterFinished: 0\n')],
  ['a hook', job('', 'name: j, annotations: {helm.sh/hook: pre-upgrade}')],
  ['a name that never comes again', job('', 'generateName: j-')],
  ['a CronJob', job().replace('kind: Job', 'kind: CronJob')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
