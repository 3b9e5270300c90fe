import { describe, expect, it } from 'vitest';
import { quantityOf } from '../validators/manifest/quantity.ts';
import { concurrently } from './concurrently.ts';
import { labelText, labelTime, newIdentity, parseLabelTime } from './identity.ts';
import { limitsFor } from './limits.ts';
import { usageOf } from './metrics.ts';
import { inWaves } from './order.ts';
import { podSecurityLabels } from './pod-security.ts';
import { referencesOf } from './references.ts';
import { live, worldOf } from './testing.ts';

it('makes what others wait for first', () => {
  const kinds = [
    'Ingress',
    'Deployment',
    'Widget',
    'Service',
    'Secret',
    'Job',
    'RoleBinding',
    'Role',
  ];
  const waves = inWaves(kinds.map((kind) => ({ kind })));
  expect(waves.map((wave) => wave.map(({ kind }) => kind))).toEqual([
    ['Secret', 'Role'],
    ['Service', 'RoleBinding'],
    ['Widget'],
    ['Deployment', 'Job'],
    ['Ingress'],
  ]);
});

it.each([
  ['250m', 0.25],
  ['64Mi', 64 * 2 ** 20],
  ['1.5', 1.5],
  [2, 2],
  ['1e3', 1000],
  ['2k', 2000],
  ['x', undefined],
  ['1Mi2', undefined],
  [null, undefined],
])('reads the quantity %s', (text, value) => {
  expect(quantityOf(text)).toBe(value);
});

describe('pod security labels', () => {
  const namespace = (labels: object) => ({ metadata: { labels } });
  const enforce = 'pod-security.kubernetes.io/enforce';

  it('are the stricter ones of target and release', () => {
    const target = namespace({
      [enforce]: 'baseline',
      [`${enforce}-version`]: 'v1.30',
      other: 'x',
    });
    expect(podSecurityLabels(target)).toEqual({
      [enforce]: 'baseline',
      [`${enforce}-version`]: 'v1.30',
    });
    expect(podSecurityLabels(target, namespace({ [enforce]: 'restricted' }))).toEqual({
      [enforce]: 'restricted',
    });
    expect(podSecurityLabels(target, namespace({ [enforce]: 'privileged' }))[enforce]).toBe(
      'baseline',
    );
    expect(podSecurityLabels(undefined)).toEqual({});
  });
});

it('finds what pods cannot start without', () => {
  const value = {
    kind: 'StatefulSet',
    spec: {
      volumeClaimTemplates: [{ metadata: { name: 'own' } }],
      template: {
        spec: {
          serviceAccountName: 'shop',
          imagePullSecrets: [{ name: 'pull' }],
          initContainers: [{ envFrom: [{ configMapRef: { name: 'all' } }] }],
          containers: [
            {
              env: [
                { valueFrom: { secretKeyRef: { name: 'keys', key: 'b' } } },
                { valueFrom: { secretKeyRef: { name: 'keys', key: 'a' } } },
                { valueFrom: { secretKeyRef: { name: 'may-miss', key: 'a', optional: true } } },
              ],
            },
          ],
          volumes: [
            { secret: { secretName: 'tls', items: [{ key: 'crt' }] } },
            { projected: { sources: [{ configMap: { name: 'projected' } }] } },
            { persistentVolumeClaim: { claimName: 'data' } },
            { persistentVolumeClaim: { claimName: 'own' } },
          ],
        },
      },
    },
  };
  const found = referencesOf(value).map(({ kind, name, keys }) => `${kind}/${name}:${keys}`);
  expect(found.sort()).toEqual([
    'ConfigMap/all:',
    'ConfigMap/projected:',
    'PersistentVolumeClaim/data:',
    'Secret/keys:a,b',
    'Secret/pull:',
    'Secret/tls:crt',
    'ServiceAccount/shop:',
  ]);
  expect(referencesOf({ kind: 'ConfigMap' })).toEqual([]);
});

describe('limits of the sandbox', () => {
  const containers = [{ resources: { requests: { cpu: '100m', memory: '64Mi' } } }, {}];
  const release = [
    live('Deployment', 'web', { spec: { replicas: 3, template: { spec: { containers } } } }),
  ];
  const quota = live('ResourceQuota', 'small', {
    spec: { hard: { 'requests.cpu': '1' } },
    status: {},
  });

  it('are room for twice the release, and defaults for requests', () => {
    const [own, range, ...more] = limitsFor('box', release, { quotas: [], ranges: [] }, 2);
    expect(own?.object.spec).toEqual({
      hard: {
        pods: '16',
        'services.loadbalancers': '0',
        'services.nodeports': '0',
        'requests.cpu': `${1000 + 6 * 110}m`,
        'requests.memory': String(2 ** 30 + 6 * 80 * 2 ** 20),
      },
    });
    expect([range?.object.kind, more]).toEqual(['LimitRange', []]);
  });

  it('are the target’s own where it has some', () => {
    const [copy, own, ...more] = limitsFor('box', release, { quotas: [quota], ranges: [] }, 2);
    expect(copy).toEqual({
      from: 'target',
      object: {
        ...{
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: { name: 'small', namespace: 'box' },
        },
        spec: { hard: { 'requests.cpu': '1' } },
      },
    });
    expect(JSON.stringify(own?.object.spec)).not.toContain('requests');
    expect(more).toEqual([]);
  });
});

it('names a run so that it can be found again', () => {
  const clock = { now: () => new Date('2026-11-21T15:00:00.500Z'), monotonic: () => 0 };
  const identity = newIdentity(clock, {
    deadlines: { readyMs: 300_000, cleanUpMs: 120_000 },
    ...{ soakMs: 30_000, inspect: false },
  });
  expect(identity.namespace).toMatch(/^deploycheck-[0-9a-f]{8}$/);
  expect(identity.run).toMatch(/^[0-9a-f]{32}$/);
  expect(labelTime(identity.expires)).toBe('20261121T160730Z');
  expect(parseLabelTime('20261121T160730Z')?.toISOString()).toBe('2026-11-21T16:07:30.000Z');
  expect(parseLabelTime('soon')).toBeUndefined();
});

it('works on a few at a time, and throws the first error', async () => {
  let under = 0;
  let most = 0;
  const work = async (item: number) => {
    under += 1;
    most = Math.max(most, under);
    await null;
    under -= 1;
    return item * 2;
  };
  expect(await concurrently([1, 2, 3, 4, 5], 2, work)).toEqual([2, 4, 6, 8, 10]);
  expect(most).toBe(2);
  await expect(concurrently([1], 2, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

it('reads what containers use from the summaries of the nodes', () => {
  const resources = { limits: { memory: '64Mi' } };
  const pod = live('Pod', 'web-1', { spec: { containers: [{ name: 'web', resources }] } });
  const entry = (namespace: string) => ({
    podRef: { name: 'web-1', namespace },
    containers: [
      { name: 'web', cpu: { usageNanoCores: 250_000_000 }, memory: { workingSetBytes: 1024 } },
    ],
  });
  const summary = { pods: [entry('deploycheck-0123abcd'), entry('shop')] };
  expect(usageOf([summary, undefined], 'deploycheck-0123abcd', worldOf(pod))).toEqual([
    {
      ...{ pod: 'web-1', container: 'web', cpuCores: 0.25, memoryBytes: 1024 },
      ...{ memoryLimitBytes: 64 * 2 ** 20, samples: 1, throttledShare: null },
    },
  ]);
});

it('writes whoever runs it as a label can', () => {
  expect(labelText('system:serviceaccount:ci:deployer')).toBe('system-serviceaccount-ci-deployer');
  expect(labelText('ada@example.com')).toBe('ada-example.com');
  expect(labelText(`--${'a'.repeat(100)}`)).toHaveLength(61);
  expect(labelText('…')).toBe('unknown');
});
