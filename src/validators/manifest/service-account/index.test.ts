import { expect, it } from 'vitest';
import { deploymentWith, documents, examine, lookedUp, podWith } from '../testing.ts';
import { check } from './index.ts';

const account = (name: string, namespace = '') =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n${namespace}`;
const robot = podWith('', 'serviceAccountName: robot');

it.each([
  ['of a pod', robot, 11, 23],
  ['by the older name of the field', podWith('', 'serviceAccount: robot'), 11, 19],
])('finds an account that a cluster does not have, %s', async (_, text, line, column) => {
  const { seen, messages } = await examine(check, lookedUp(text));
  expect(seen).toEqual([{ messageId: 'missing-object', line, column }]);
  expect(messages).toEqual(['ServiceAccount robot is neither in the manifests nor in the cluster']);
});

it('says once what several workloads want', async () => {
  const two = documents(robot, robot.replace('name: web', 'name: other'));
  expect((await examine(check, lookedUp(two))).seen).toHaveLength(1);
  const { seen, notExamined, outcome } = await examine(check, two);
  expect([seen, notExamined, outcome]).toEqual([[], ['ServiceAccount robot'], 'inconclusive']);
});

it.each([
  ['no account', podWith()],
  ['the one of every namespace', podWith('', 'serviceAccountName: default')],
  ['one of the set', documents(robot, account('robot'))],
  ['one of another version of nothing', deploymentWith('web')],
  ['a wrongly typed name', podWith('', 'serviceAccountName: [robot]')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, lookedUp(text))).outcome).toBe('pass');
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('takes no account of another namespace', async () => {
  const pod = robot.replace('  name: web', '  name: web\n  namespace: shop');
  const elsewhere = documents(pod, account('robot', '  namespace: trial\n'));
  expect((await examine(check, lookedUp(elsewhere))).seen).toHaveLength(1);
  const here = documents(pod, account('robot', '  namespace: shop\n'));
  expect((await examine(check, lookedUp(here))).outcome).toBe('pass');
});
