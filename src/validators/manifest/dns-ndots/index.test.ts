import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['nothing', '', 8, 3],
  ['another option', 'dnsConfig: {options: [{name: edns0}]}', 11, 24],
  [
    'the network of the node with the DNS of the cluster',
    'hostNetwork: true\ndnsPolicy: ClusterFirstWithHostNet',
    8,
    3,
  ],
])('finds %s', async (_, fields, line, column) => {
  const { seen } = await examine(check, podWith('', fields));
  expect(seen).toEqual([{ messageId: 'unset', line, column }]);
});

it.each([
  ['ndots', 'dnsConfig: {options: [{name: ndots, value: "1"}]}'],
  ['the DNS of the node', 'dnsPolicy: Default'],
  ['one of its own', 'dnsPolicy: None'],
  ['the network of the node', 'hostNetwork: true'],
])('is silent for %s', async (_, fields) => {
  expect((await examine(check, podWith('', fields))).outcome).toBe('pass');
});
