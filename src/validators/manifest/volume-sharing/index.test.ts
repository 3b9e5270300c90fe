import { expect, it } from 'vitest';
import { documents, examine } from '../testing.ts';
import { check } from './index.ts';

const claim = (modes: string) =>
  `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [${modes}]}\n`;
const workload = (kind: string, replicas: string, pod = '') => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: web}
spec:
  ${replicas}
  template:
    spec:
      ${pod}
      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
`;
const two = workload('Deployment', 'replicas: 2');

it.each([
  ['two replicas', two, 'ReadWriteOnce', 'one-node', 'warning'],
  ['a pod on each node', workload('DaemonSet', ''), 'ReadWriteOnce', 'one-node', 'warning'],
  ['a claim of one pod', two, 'ReadWriteOncePod', 'one-pod', 'error'],
])('finds %s', async (_, text, mode, messageId, severity) => {
  const { seen, severities } = await examine(check, documents(text, claim(mode)));
  expect(seen).toEqual([{ messageId, line: 9, column: 65 }]);
  expect(severities).toEqual([severity]);
});

it.each([
  ['one replica', documents(workload('Deployment', 'replicas: 1'), claim('ReadWriteOnce'))],
  ['the default of one', documents(workload('Deployment', ''), claim('ReadWriteOnce'))],
  ['a mode for many', documents(two, claim('ReadWriteOnce, ReadWriteMany'))],
  ['reading alone', documents(two, claim('ReadOnlyMany'))],
  ['a claim of another place', two],
  ['a claim without modes', documents(two, claim(''))],
  [
    'pods held on one node',
    documents(
      workload('Deployment', 'replicas: 2', 'nodeSelector: {kubernetes.io/hostname: a}'),
      claim('ReadWriteOnce'),
    ),
  ],
  [
    'pods that want each other',
    documents(
      workload(
        'Deployment',
        'replicas: 2',
        'affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname}]}}',
      ),
      claim('ReadWriteOnce'),
    ),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
