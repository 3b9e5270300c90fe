import { expect, it } from 'vitest';
import { documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const policy = (spec: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {${spec}}\n`;
const other = 'podSelector: {matchLabels: {app: other}}';
const web = 'podSelector: {matchLabels: {app: web}}';

it.each([
  ['pods', other, 'selects-nothing', 21],
  ['peers that come in', `${web}, ingress: [{from: [{${other}}]}]`, 'no-peer', 80],
  ['peers that are called', `${web}, egress: [{to: [{${other}}]}]`, 'no-peer', 77],
])('finds %s that nobody is', async (_, spec, messageId, column) => {
  const { seen } = await examine(check, documents(policy(spec), podWith()));
  expect(seen).toEqual([{ messageId, line: 4, column }]);
});

it.each([
  ['the pods of a template', web],
  ['every pod', 'podSelector: {}'],
  ['peers of another namespace', `${web}, ingress: [{from: [{${other}, namespaceSelector: {}}]}]`],
  ['addresses', `${web}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]`],
])('is silent for %s', async (_, spec) => {
  expect((await examine(check, documents(policy(spec), podWith()))).outcome).toBe('pass');
});

it('believes what is declared, and does not conclude from half a set', async () => {
  const lonely = documents(policy(other), podWith());
  const declared = { external: ['NetworkPolicy/*'] };
  expect((await examine(check, lonely, declared)).outcome).toBe('pass');
  const { seen, notExamined } = await examine(check, documents(lonely, 'a: b: c\n'));
  expect([seen, notExamined]).toEqual([[], ['NetworkPolicy p']]);
});
