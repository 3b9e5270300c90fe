import { expect, it } from 'vitest';
import { deploymentWith, documents, examine } from '../testing.ts';
import { check } from './index.ts';

const budget = (selector: string) =>
  `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: b}\nspec: {selector: {${selector}}}\n`;
const labelled = (name: string, label: string) =>
  deploymentWith(name)
    .replaceAll(`app: ${name}`, `app: ${name}\n        ${label}`)
    .replace(
      `    matchLabels:\n      app: ${name}\n        ${label}`,
      `    matchLabels:\n      app: ${name}`,
    );
const two = documents(labelled('web', 'team: shop'), labelled('api', 'team: shop'));

it('finds a budget without pods', async () => {
  const { seen, messages } = await examine(
    check,
    documents(budget('matchLabels: {app: x}'), deploymentWith('web')),
  );
  expect(seen).toEqual([{ messageId: 'selects-nothing', line: 4, column: 18 }]);
  expect(messages[0]).toContain('app = x');
});

it('finds a budget over two workloads', async () => {
  const { seen, messages } = await examine(
    check,
    documents(budget('matchLabels: {team: shop}'), two),
  );
  expect(seen).toEqual([{ messageId: 'several-workloads', line: 4, column: 18 }]);
  expect(messages[0]).toContain('Deployment web, Deployment api');
});

it.each([
  ['the pods of a workload', documents(budget('matchLabels: {app: web}'), two)],
  [
    'an expression',
    documents(budget('matchExpressions: [{key: app, operator: In, values: [web]}]'), two),
  ],
  ['a whole namespace', documents(budget(''), two)],
  [
    'a workload and a job of it',
    documents(
      budget('matchLabels: {app: web}'),
      deploymentWith('web'),
      'apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {template: {metadata: {labels: {app: web}}, spec: {}}}\n',
    ),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('believes what is declared, and does not conclude from half a set', async () => {
  const lonely = documents(budget('matchLabels: {app: x}'), two);
  const options = { external: ['PodDisruptionBudget/b'] };
  expect((await examine(check, lonely, options)).outcome).toBe('pass');
  const { seen, notExamined } = await examine(check, documents(lonely, 'a: b: c\n'));
  expect([seen, notExamined]).toEqual([[], ['PodDisruptionBudget b']]);
});
