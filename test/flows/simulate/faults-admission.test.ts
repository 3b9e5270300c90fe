import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systems } from '../../systems/bed.ts';
import { kubectl } from '../../systems/kubernetes.ts';
import { describeFaults, expectNamed, type Fault, openScene, type Scene } from './fault.ts';
import { bench, firstLine, workload } from './support.ts';

const bed = await systems('kubernetes', 'registry');

const small = { resources: { requests: { memory: '64Mi' } } };
const large = { resources: { limits: { memory: '64Mi' } } };

const faults: readonly Fault[] = [
  {
    name: 'a quota that the pods do not fit in',
    release: (image) => [workload(image, 'web', { container: small })],
    says: /^NO-GO {2}Deployment\/web: the quota of the namespace refuses its pods: exceeded quota: small.*; ask for less/,
    target: {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small' },
      spec: { hard: { 'requests.memory': '32Mi' } },
    },
  },
  {
    name: 'a quota that asks for limits which the pods do not have',
    release: (image) => [workload(image, 'db', { kind: 'StatefulSet' })],
    says: /^NO-GO {2}StatefulSet\/db: the quota of the namespace refuses its pods: failed quota: limits: must specify limits\.memory.*; ask for less/,
    target: {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'limits' },
      spec: { hard: { 'limits.memory': '1Gi' } },
    },
  },
  {
    name: 'a range that the containers do not keep to',
    release: (image) => [workload(image, 'agent', { kind: 'DaemonSet', container: large })],
    says: /^NO-GO {2}DaemonSet\/agent: its pods are refused: maximum memory usage per Container is 32Mi, but limit is 64Mi; correct the pod template/,
    target: {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'range' },
      spec: { limits: [{ type: 'Container', max: { memory: '32Mi' } }] },
    },
  },
  {
    name: 'a pod that Pod Security forbids',
    release: (image) => [
      workload(image, 'web', { container: { securityContext: { privileged: true } } }),
    ],
    says: /^NO-GO {2}Deployment\/web: Pod Security refuses its pods: violates PodSecurity "baseline:latest".*; give up what the level/,
  },
  {
    name: 'a priority that the cluster does not know',
    release: (image) => [workload(image, 'web', { pod: { priorityClassName: 'urgent' } })],
    says: /^NO-GO {2}Deployment\/web: its pods are refused: no PriorityClass with name urgent was found; correct the pod template/,
  },
  {
    name: 'a field that does not exist',
    release: (image) => [workload(image, 'web', { spec: { replica: 2 } })],
    says: /^NO-GO {2}Deployment\/web: refused by the API server .*\.spec\.replica: field not declared in schema/,
    ended: 'not-started',
  },
  {
    name: 'a selector that does not match its own pods',
    release: (image) => [
      workload(image, 'web', { spec: { selector: { matchLabels: { app: 'other' } } } }),
    ],
    says: /^NO-GO {2}Deployment\/web: refused by the API server \(Invalid\): .*`selector` does not match template `labels`/,
    ended: 'not-started',
  },
];

describeFaults('what the API server refuses is named', bed, faults);

/** Asked about objects of one label, at an address where nobody answers. */
async function deadWebhook(resource: string): Promise<AsyncDisposable & { labels: object }> {
  const name = `${randomBytes(5).toString('hex')}.deploycheck.test`;
  const labels = { [`${name}/asked`]: 'true' };
  const webhook = {
    name,
    admissionReviewVersions: ['v1'],
    clientConfig: { url: 'https://127.0.0.1:9/' },
    failurePolicy: 'Fail',
    sideEffects: 'None',
    timeoutSeconds: 2,
    objectSelector: { matchLabels: labels },
    rules: [
      { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: [resource] },
    ],
  };
  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: [webhook],
  };
  await kubectl(['apply', '-f', '-'], JSON.stringify(configuration));
  const gone = ['delete', 'validatingwebhookconfiguration', name, '--ignore-not-found'];
  return { labels, [Symbol.asyncDispose]: async () => void (await kubectl(gone)) };
}

const asked = (image: string, labels: object): object => {
  const template = { metadata: { labels: { app: 'web', ...labels } } };
  const own = workload(image, 'web') as { spec: { template: object } };
  return { ...own, spec: { ...own.spec, template: { ...own.spec.template, ...template } } };
};

describe.skipIf(!bed)('a webhook that is down', () => {
  let scene: Scene;
  beforeAll(async () => {
    if (bed) scene = await openScene(bed);
  });
  afterAll(() => scene?.[Symbol.asyncDispose]());

  it.concurrent('is named when the time is over', { timeout: 240_000 }, async () => {
    await using webhook = await deadWebhook('pods');
    await expectNamed(scene, {
      name: 'a webhook for pods that is down',
      release: (image) => [asked(image, webhook.labels)],
      says: /^NO-GO {2}Deployment\/web: an admission webhook refuses its pods: Internal error occurred: failed calling webhook "\w+\.deploycheck\.test": .*connection refused; .*ask its owner/,
      ended: 'deadline',
      flags: ['--ready-timeout', '12s'],
    });
  });

  it.concurrent('is named when it is asked about the release itself', {
    timeout: 240_000,
  }, async () => {
    await using webhook = await deadWebhook('configmaps');
    const metadata = { name: 'settings', labels: webhook.labels };
    await expectNamed(scene, {
      name: 'a webhook for ConfigMaps that is down',
      release: () => [{ apiVersion: 'v1', kind: 'ConfigMap', metadata }],
      says: /^NO-GO {2}ConfigMap\/settings: an admission webhook cannot be asked: .*failed calling webhook "\w+\.deploycheck\.test": .*connection refused; see that its pods run/,
      ended: 'not-started',
    });
  });

  it.concurrent('fails nothing when it comes back', { timeout: 240_000 }, async () => {
    await using webhook = await deadWebhook('pods');
    await using own = await bench(scene.bed);
    await own.manifests(asked(scene.image, webhook.labels));
    const flags = ['--namespace', scene.namespace, '--soak', '1s'];
    const running = own.start('simulate', 'release.json', ...flags);
    await running.line(/failed calling webhook/);
    await webhook[Symbol.asyncDispose]();
    const result = await running.ended;
    expect(firstLine(result), result.stderr).toMatch(
      /^GO {2}Deployment\/web 1 of 1 pods available/,
    );
  });
});
