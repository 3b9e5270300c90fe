import { expect, it } from 'vitest';
import { deploymentWith, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const deployment = (policy: string) => `${deploymentWith('web')}      restartPolicy: ${policy}\n`;
const job = (policy: string) =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec:\n  template:\n    spec:\n      containers: [{name: j}]\n${policy && `      restartPolicy: ${policy}\n`}`;
const cron = (policy: string) =>
  `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  jobTemplate: {spec: {template: {spec: {restartPolicy: ${policy}}}}}\n`;

it.each([
  ['a Deployment', deployment('Never'), 'always', 17, 22],
  ['a StatefulSet', deployment('OnFailure').replace('Deployment', 'StatefulSet'), 'always', 17, 22],
  ['a Job', job('Always'), 'job', 8, 22],
  ['a Job that does not say', job(''), 'job', 7, 7],
  ['a CronJob', cron('Always'), 'job', 5, 57],
])('finds %s', async (_, text, messageId, line, column) => {
  expect((await examine(check, text)).seen).toEqual([{ messageId, line, column }]);
});

it.each([
  ['a Deployment', deploymentWith('web')],
  ['a Deployment that says so', deployment('Always')],
  ['a Job', job('OnFailure')],
  ['a CronJob', cron('Never')],
  ['a pod', podWith('', 'restartPolicy: Never')],
  ['another word', deployment('Sometimes')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
