import { describe, expect, it } from 'vitest';
import { setOf } from '../../manifest/testing.ts';
import { examine } from '../testing.ts';

type Annotations = Readonly<Record<string, string>>;

const lines = (annotations: Annotations, indent: string) =>
  Object.entries(annotations)
    .map(([key, value]) => `${indent}${key}: ${JSON.stringify(value)}\n`)
    .join('');

/** A workload in which several rules find something, with annotations from line 5 and from line 14 on. */
const workload = (object: Annotations, template: Annotations = {}) =>
  setOf(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: agent
  annotations:
    example.com/team: base
${lines(object, '    ')}spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata:
      labels: { app: agent }
      annotations:
        example.com/team: base
${lines(template, '        ')}    spec:
      hostNetwork: true
      hostPID: true
      containers:
        - name: agent
          image: registry.example/agent:latest
          env:
            - { name: DB_PASSWORD, value: vN9xQ2mK4pT7 }
          securityContext:
            privileged: true
            runAsNonRoot: true
            allowPrivilegeEscalation: false
          resources: { requests: { cpu: 10m } }
          readinessProbe:
            httpGet: { path: /, port: http }
          livenessProbe:
            httpGet: { path: /, port: health }
`);

const found = {
  network: 'manifest/host-namespaces spec.template.spec.hostNetwork',
  pid: 'manifest/host-namespaces spec.template.spec.hostPID',
  tag: 'manifest/image-tag spec.template.spec.containers[0].image',
  privileged: 'manifest/privileged spec.template.spec.containers[0].securityContext.privileged',
  ready: 'manifest/probe-port spec.template.spec.containers[0].readinessProbe.httpGet.port',
  live: 'manifest/probe-port spec.template.spec.containers[0].livenessProbe.httpGet.port',
  memory: 'manifest/resource-requests spec.template.spec.containers[0].resources.requests',
  secret: 'secret/in-manifests spec.template.spec.containers[0].env[0].value',
} as const;
type Name = keyof typeof found;

async function suppressedBy(peer: string, object: Annotations, template?: Annotations) {
  const { suppressed, left, said, reasons } = await examine(workload(object, template));
  const names = Object.keys(found) as Name[];
  const whole = suppressed.filter((line) => line.endsWith(` ${peer}`));
  expect(whole.length).toBe(suppressed.length);
  return {
    names: names.filter((name) => suppressed.includes(`${found[name]} ${peer}`)),
    left: names.filter((name) => left.includes(found[name])),
    said: said.map((line) => line.split(' ')[0]),
    reasons,
    lines: said,
  };
}

it('finds all of it without a suppression', async () => {
  const { names, left, said } = await suppressedBy('kube-linter', {});
  expect([names, left, said]).toEqual([[], Object.keys(found), []]);
});

describe('kube-linter', () => {
  const key = (check: string) => `ignore-check.kube-linter.io/${check}`;
  const all = ['network', 'pid', 'tag', 'privileged', 'ready', 'live', 'memory'];

  it.each<[string, Annotations, readonly string[], readonly string[]]>([
    ['one check', { [key('privileged-container')]: 'loads modules' }, ['privileged'], []],
    ['a part of what a rule asks', { [key('host-network')]: 'is a proxy' }, ['network'], []],
    [
      'several',
      { [key('host-pid')]: 'x', [key('latest-tag')]: 'y', [key('liveness-port')]: 'z' },
      ['pid', 'tag', 'live'],
      [],
    ],
    ['one, without a reason', { [key('host-pid')]: '' }, ['pid'], ['reasonless']],
    ['memory alone', { [key('unset-memory-requirements')]: 'x' }, ['memory'], []],
    ['processors, of which nothing is said', { [key('unset-cpu-requirements')]: 'x' }, [], []],
    [
      'a check that has no counterpart',
      { [key('hpa-maximum-replicas')]: 'x' },
      [],
      ['no-counterpart'],
    ],
    ['a check that there is not', { [key('hpa-maximum')]: 'x' }, [], ['unknown-check']],
    ['all, but for a secret', { 'kube-linter.io/ignore-all': 'x' }, all, ['never']],
    ['a secret, which stays', { [key('env-var-secret')]: 'x' }, [], ['never']],
    ['nothing with a key that is near', { 'kube-linter.io/ignore': 'x' }, [], []],
  ])('is understood: %s', async (_, annotations, names, said) => {
    const seen = await suppressedBy('kube-linter', annotations);
    expect([seen.names, seen.said]).toEqual([names, said]);
    expect(seen.left).toEqual(Object.keys(found).filter((name) => !names.includes(name)));
  });

  it('gives its reason', async () => {
    const { reasons } = await suppressedBy('kube-linter', { [key('host-pid')]: ' sees all ' });
    expect(reasons).toEqual(['sees all']);
  });

  it('reads no annotations of pod templates', async () => {
    const { names } = await suppressedBy('kube-linter', {}, { [key('host-pid')]: 'x' });
    expect(names).toEqual([]);
  });

  it('leaves schemas to who names them', async () => {
    const text = `apiVersion: v1
kind: Service
metadata:
  name: web
  annotations: { ANNOTATION: because }
spec: { ports: [{ prt: 80 }] }
`;
    const seen = (annotation: string) =>
      examine(setOf(text.replace('ANNOTATION', annotation)), { only: ['manifest/schema'] });
    expect((await seen('kube-linter.io/ignore-all')).left.length).toBeGreaterThan(0);
    expect((await seen(key('schema-validation'))).left).toEqual([]);
  });
});

describe('kube-score', () => {
  const ignore = 'kube-score/ignore';
  const enable = 'kube-score/enable';
  const all = ['tag', 'privileged', 'memory'];

  it.each<[string, Annotations, Annotations, readonly string[], readonly string[]]>([
    ['one check', { [ignore]: 'container-image-tag' }, {}, ['tag'], ['reasonless']],
    [
      'a list, with spaces',
      { [ignore]: ' container-image-tag , container-security-context-privileged,' },
      {},
      ['tag', 'privileged'],
      ['reasonless'],
    ],
    [
      'what has no counterpart, beside what has',
      { [ignore]: 'container-resources,poddisruptionbudget-has-policy' },
      {},
      ['memory'],
      ['no-counterpart', 'reasonless'],
    ],
    ['a check that there is not', { [ignore]: 'image-tag' }, {}, [], ['unknown-check']],
    ['all', { [ignore]: '*' }, {}, all, ['reasonless']],
    ['an object that is skipped', { 'kube-score/skip': 'true' }, {}, all, ['reasonless']],
    ['one that is not', { 'kube-score/skip': 'false' }, {}, [], []],
    ['the pod template', {}, { [ignore]: 'container-image-tag' }, ['tag'], ['reasonless']],
    [
      'a template that enables what the object ignores',
      { [ignore]: 'container-image-tag,container-resources' },
      { [enable]: 'container-image-tag' },
      ['memory'],
      ['reasonless'],
    ],
    [
      'a template that ignores what it enables',
      { [ignore]: 'container-image-tag' },
      { [enable]: 'container-image-tag', [ignore]: 'container-image-tag' },
      ['tag'],
      ['reasonless'],
    ],
    [
      'an object that ignores what it enables',
      { [ignore]: 'container-image-tag', [enable]: 'container-image-tag' },
      {},
      ['tag'],
      ['reasonless'],
    ],
  ])('is understood: %s', async (_, object, template, names, said) => {
    const seen = await suppressedBy('kube-score', object, template);
    expect([seen.names, seen.said.toSorted()]).toEqual([names, said]);
    expect(seen.left).toEqual(Object.keys(found).filter((name) => !names.includes(name)));
  });

  it('has no reason, and that is said', async () => {
    const { reasons } = await suppressedBy('kube-score', { [ignore]: 'container-image-tag' });
    expect(reasons).toEqual(['kube-score/ignore, no reason given']);
  });
});

describe('polaris', () => {
  const key = (check: string) => `polaris.fairwinds.com/${check}-exempt`;
  const all = ['network', 'pid', 'tag', 'privileged', 'memory'];

  it.each<[string, Annotations, readonly string[], readonly string[]]>([
    ['one check', { [key('hostNetworkSet')]: 'true' }, ['network'], ['reasonless']],
    ['whatever its case', { [key('runAsPrivileged')]: 'True' }, ['privileged'], ['reasonless']],
    [
      'several',
      { [key('tagNotSpecified')]: 'true', [key('memoryRequestsMissing')]: 'true' },
      ['tag', 'memory'],
      ['reasonless'],
    ],
    ['another value', { [key('hostPIDSet')]: 'yes' }, [], ['not-exempt']],
    [
      'an object that is not exempt',
      { 'polaris.fairwinds.com/exempt': 'false' },
      [],
      ['not-exempt'],
    ],
    ['all', { 'polaris.fairwinds.com/exempt': 'true' }, all, ['never', 'reasonless']],
    [
      'a check that has no counterpart',
      { [key('hpaMaxAvailability')]: 'true' },
      [],
      ['no-counterpart'],
    ],
    ['a check that there is not', { [key('hpaMax')]: 'true' }, [], ['unknown-check']],
    ['a secret, which stays', { [key('sensitiveContainerEnvVar')]: 'true' }, [], ['never']],
    ['another key of its own', { 'polaris.fairwinds.com/owner': 'true' }, [], []],
  ])('is understood: %s', async (_, annotations, names, said) => {
    const seen = await suppressedBy('polaris', annotations);
    expect([seen.names, seen.said]).toEqual([names, said]);
    expect(seen.left).toEqual(Object.keys(found).filter((name) => !names.includes(name)));
  });

  it('reads no annotations of pod templates', async () => {
    const { names } = await suppressedBy('polaris', {}, { [key('hostPIDSet')]: 'true' });
    expect(names).toEqual([]);
  });
});

it('names what has no effect once, where it stands first', async () => {
  const pod = (name: string) => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  annotations:
    ignore-check.kube-linter.io/hpa-maximum-replicas: x
spec:
  containers:
    - { name: a, image: "registry.example/a:1.2.3" }
`;
  const { said } = await examine(setOf(`${pod('a')}---\n${pod('b')}`), { only: [] });
  expect(said).toEqual([
    'no-counterpart 6:5 no rule here asks what the check hpa-maximum-replicas of kube-linter asks',
  ]);
});

it('is read for the tools that are named alone', async () => {
  const annotations = {
    'ignore-check.kube-linter.io/host-pid': 'x',
    'kube-score/ignore': 'container-image-tag,poddisruptionbudget-has-policy',
  };
  const only = await examine(workload(annotations), { sources: { peers: ['kube-linter'] } });
  expect(only.suppressed).toEqual([`${found.pid} kube-linter`]);
  expect(only.said).toEqual([]);
});
