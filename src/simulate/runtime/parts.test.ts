import { expect, it } from 'vitest';
import type { KubeObject } from '../../adapters/kube/kube.ts';
import { partAt } from '../../validators/manifest/read.ts';
import { declaredVariables } from './declared-variables.ts';
import { tightenedPod } from './tightened.ts';
import { tokenOf } from './token.ts';

const token = { name: 'kube-api-access-x', projected: { sources: [{ serviceAccountToken: {} }] } };
const mount = { name: 'kube-api-access-x', mountPath: '/var/run/secrets/token' };
const container = {
  ...{ name: 'web', image: 'web' },
  securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN'] }, runAsUser: 7 },
  volumeMounts: [mount, { name: 'data', mountPath: '/data' }],
};
const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-0', namespace: 'box', uid: '1', labels: { app: 'web' } },
  spec: {
    ...{ nodeName: 'node-1', priority: 0, serviceAccountName: 'shop' },
    containers: [container],
    volumes: [token, { name: 'data', persistentVolumeClaim: { claimName: 'data-web-0' } }],
  },
  status: { phase: 'Running' },
};

it('makes a pod like another one that no Service finds and no volume ties down', () => {
  const made = tightenedPod(pod, 'trial', ['read-only-root', 'no-capabilities']);
  expect(made.metadata).toEqual({ name: 'trial', namespace: 'box', annotations: {} });
  expect(made.status).toBeUndefined();
  expect(made.spec).toEqual({
    serviceAccountName: 'shop',
    containers: [
      {
        ...{ name: 'web', image: 'web', volumeMounts: [{ name: 'data', mountPath: '/data' }] },
        securityContext: {
          ...{ privileged: false, allowPrivilegeEscalation: false, runAsUser: 7 },
          ...{ readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        },
      },
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
  });
});

it('leaves be what was not to be tightened', () => {
  const made = tightenedPod(pod, 'trial', ['no-new-privileges']);
  expect(partAt(made, 'spec', 'containers', 0, 'securityContext')).toEqual({
    ...{ privileged: false, allowPrivilegeEscalation: false, runAsUser: 7 },
    capabilities: { add: ['SYS_ADMIN'] },
  });
});

it('sees a token for the cluster, and who has a use for it', () => {
  const binding = (subject: object): KubeObject => ({
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
    ...{ metadata: { name: 'b' }, subjects: [subject] },
  });
  const seen = { path: '/var/run/secrets/token', account: 'shop' };
  expect(tokenOf(pod, container, [])).toEqual({ ...seen, granted: false });
  const mine = binding({ kind: 'ServiceAccount', name: 'shop' });
  expect(tokenOf(pod, container, [mine])).toEqual({ ...seen, granted: true });
  const other = binding({ kind: 'ServiceAccount', name: 'web' });
  expect(tokenOf(pod, container, [other]).granted).toBe(false);
  expect(tokenOf(pod, { volumeMounts: [] }, [])).toMatchObject({ path: null });
});

it('knows which variables have to be there, and which value they have to have', () => {
  const inside: KubeObject[] = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { A: '1', 'b.c': '2' } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { KEY: 'aGk=' } },
  ];
  const declared = declaredVariables(
    {
      envFrom: [{ configMapRef: { name: 'c' }, prefix: 'C_' }, { secretRef: { name: 's' } }],
      env: [
        { name: 'PLAIN', value: 'x' },
        { name: 'EMPTY' },
        { name: 'MADE', value: 'http://$(PLAIN)' },
        { name: 'MAPPED', valueFrom: { configMapKeyRef: { name: 'c', key: 'A' } } },
        { name: 'SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'KEY' } } },
        { name: 'MAYBE', valueFrom: { secretKeyRef: { name: 's', key: 'NO', optional: true } } },
        { name: 'C_A', value: '3' },
      ],
    },
    inside,
  );
  expect(Object.fromEntries(declared)).toEqual({
    ...{ C_A: '3', KEY: null, PLAIN: 'x', EMPTY: '', MADE: null, MAPPED: '1', SECRET: null },
  });
});
