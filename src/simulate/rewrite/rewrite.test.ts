import { describe, expect, it } from 'vitest';
import { rewriteObject } from './rewrite.ts';

const see = {
  sandbox: 'deploycheck-0123abcd',
  sources: new Set(['shop', 'shop-jobs']),
  images: new Map([['registry.example:5000/shop', 'localhost:5000/shop@sha256:1']]),
};

function rewritten(value: object) {
  const { object, rewrites } = rewriteObject({ apiVersion: 'v1', ...value }, see);
  return {
    object,
    notes: rewrites
      .filter(({ path }) => path !== 'metadata.namespace')
      .map(({ path, from, to }) => `${path}: ${from} -> ${to}`),
  };
}

const metadata = { name: 'shop', namespace: 'shop' };
const pod = (container: object, kind = 'Deployment') => ({
  kind,
  metadata,
  spec: { template: { spec: { containers: [{ name: 'main', ...container }] } } },
});

it('moves an object into the sandbox, without what servers write', () => {
  const { object } = rewritten({
    kind: 'ConfigMap',
    metadata: {
      ...metadata,
      uid: 'x',
      resourceVersion: '7',
      managedFields: [],
      labels: { a: 'b' },
    },
    status: {},
    data: { a: 'b' },
  });
  expect(object).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'shop', namespace: 'deploycheck-0123abcd', labels: { a: 'b' } },
    data: { a: 'b' },
  });
});

it('notes each rewrite with its reason, and leaves the input alone', () => {
  const value = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
  const { rewrites } = rewriteObject(value, see);
  expect(rewrites).toEqual([
    {
      object: 'ConfigMap/shop',
      path: 'metadata.namespace',
      from: 'shop',
      to: 'deploycheck-0123abcd',
      why: 'the sandbox stands for it',
    },
  ]);
  expect(value.metadata.namespace).toBe('shop');
});

it('gives a whole name where the server would', () => {
  const { object } = rewritten({ kind: 'Job', metadata: { generateName: 'migrate-' } });
  expect(object.metadata.name).toBe('migrate-0123abcd');
  expect(object.metadata).not.toHaveProperty('generateName');
});

describe('service names', () => {
  it.each([
    [
      'http://api.shop.svc.cluster.local:80/x',
      'http://api.deploycheck-0123abcd.svc.cluster.local:80/x',
    ],
    ['api.shop-jobs.svc', 'api.deploycheck-0123abcd.svc'],
    ['db-0.db.shop.svc:5432', 'db-0.db.deploycheck-0123abcd.svc:5432'],
    ['a.shop.svc,b.shop.svc', 'a.deploycheck-0123abcd.svc,b.deploycheck-0123abcd.svc'],
  ])('%s', (before, after) => {
    const { object } = rewritten(pod({ env: [{ name: 'URL', value: before }] }));
    expect(JSON.stringify(object)).toContain(after);
  });

  it.each(['api.other.svc', 'api.shop.svcs', 'shop.svc', 'api.shop.example'])('not %s', (text) => {
    expect(rewritten({ kind: 'ConfigMap', metadata, data: { url: text } }).notes).toEqual([]);
  });

  it('are found in args, commands and ConfigMaps', () => {
    const container = { command: ['serve', 'api.shop.svc'], args: ['--db=db.shop.svc'] };
    expect(rewritten(pod(container)).notes).toHaveLength(2);
    const data = { 'app.conf': 'host = api.shop.svc\n' };
    expect(rewritten({ kind: 'ConfigMap', metadata, data }).notes).toEqual([
      "data['app.conf']: api.shop.svc -> api.deploycheck-0123abcd.svc",
    ]);
  });

  it('are noted without the text around them, which may be a secret', () => {
    const value = 'postgres://ada:hunter22@db.shop.svc/shop';
    const { notes, object } = rewritten(pod({ env: [{ name: 'URL', value }] }));
    expect(notes.join()).not.toContain('hunter22');
    expect(JSON.stringify(object)).toContain('ada:hunter22@db.deploycheck-0123abcd.svc/shop');
  });
});

it('gives a role to the account of the sandbox', () => {
  const subjects = [
    { kind: 'ServiceAccount', name: 'shop', namespace: 'shop' },
    { kind: 'ServiceAccount', name: 'other', namespace: 'monitoring' },
    { kind: 'User', name: 'ada' },
  ];
  expect(rewritten({ kind: 'RoleBinding', metadata, subjects }).notes).toEqual([
    'subjects[0].namespace: shop -> deploycheck-0123abcd',
  ]);
});

it('takes from a Service what only one can have', () => {
  const spec = {
    type: 'LoadBalancer',
    clusterIP: '10.0.0.7',
    clusterIPs: ['10.0.0.7'],
    loadBalancerIP: '1.2.3.4',
    externalTrafficPolicy: 'Local',
    externalIPs: ['1.2.3.5'],
    ports: [{ port: 80, nodePort: 30080 }],
  };
  const { object } = rewritten({ kind: 'Service', metadata, spec });
  expect(object.spec).toEqual({ type: 'ClusterIP', ports: [{ port: 80 }] });
  const headless = rewritten({ kind: 'Service', metadata, spec: { clusterIP: 'None' } });
  expect(headless.object.spec).toEqual({ clusterIP: 'None' });
});

describe('an Ingress', () => {
  const ingress = (spec: object, annotations = {}) =>
    rewritten({ kind: 'Ingress', metadata: { ...metadata, annotations }, spec }).object;

  it('gets hosts that nobody asks for', () => {
    const { spec } = ingress({
      rules: [{ host: 'shop.example', http: {} }, { http: {} }, { host: '*.shop.example' }],
      tls: [{ hosts: ['shop.example'] }],
    });
    expect(spec).toEqual({
      rules: [
        { host: 'shop.example.deploycheck-0123abcd.invalid', http: {} },
        { host: 'any.deploycheck-0123abcd.invalid', http: {} },
        { host: 'any.shop.example.deploycheck-0123abcd.invalid' },
      ],
      tls: [{ hosts: ['shop.example.deploycheck-0123abcd.invalid'] }],
    });
  });

  it('does not take what no other rule matches', () => {
    const backend = { service: { name: 'shop', port: { number: 80 } } };
    expect(ingress({ defaultBackend: backend }).spec).toEqual({
      rules: [
        {
          host: 'default.deploycheck-0123abcd.invalid',
          http: { paths: [{ path: '/', pathType: 'Prefix', backend }] },
        },
      ],
    });
  });

  it('makes no DNS record and orders no certificate', () => {
    const annotations = {
      'external-dns.alpha.kubernetes.io/hostname': 'shop.example',
      'cert-manager.io/cluster-issuer': 'letsencrypt',
      'nginx.ingress.kubernetes.io/x': 'y',
    };
    expect(ingress({ rules: [] }, annotations).metadata.annotations).toEqual({
      'nginx.ingress.kubernetes.io/x': 'y',
    });
  });
});

it('takes ports of the node away, and puts chosen images in', () => {
  const image = 'registry.example:5000/shop:2.0.0';
  const { notes } = rewritten(pod({ image, ports: [{ containerPort: 80, hostPort: 80 }] }));
  expect(notes).toEqual([
    'spec.template.spec.containers[0].ports[0].hostPort: 80 -> null',
    `spec.template.spec.containers[0].image: ${image} -> localhost:5000/shop@sha256:1`,
  ]);
});

it('suspends what starts by the clock', () => {
  const { object, notes } = rewritten({
    kind: 'CronJob',
    metadata,
    spec: { schedule: '* * * * *' },
  });
  expect(object.spec).toMatchObject({ suspend: true });
  expect(notes).toEqual(['spec.suspend: null -> true']);
});

it('never asks for a volume of production', () => {
  const claim = { spec: { volumeName: 'pv-1', storageClassName: 'fast' } };
  const own = rewritten({ kind: 'PersistentVolumeClaim', metadata, ...claim });
  expect(own.object.spec).toEqual({ storageClassName: 'fast' });
  const template = { spec: { volumeClaimTemplates: [claim], template: { spec: {} } } };
  const { notes } = rewritten({ kind: 'StatefulSet', metadata, ...template });
  expect(notes).toEqual(['spec.volumeClaimTemplates[0].spec.volumeName: pv-1 -> null']);
});

it('keeps a network policy for the namespace that it meant', () => {
  const peer = (name: string) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
  });
  const spec = {
    egress: [{ to: [peer('shop'), peer('data')] }],
    ingress: [{ from: [peer('shop')] }],
  };
  expect(rewritten({ kind: 'NetworkPolicy', metadata, spec }).notes).toHaveLength(2);
});

it('asks for no class that comes with the release', () => {
  const newClasses = new Set(['StorageClass/fast', 'PriorityClass/first']);
  const claim = { metadata: { name: 'data' }, spec: { storageClassName: 'fast' } };
  const spec = { priorityClassName: 'first', runtimeClassName: 'kept', containers: [] };
  const { object, rewrites } = rewriteObject(
    {
      ...{ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata },
      spec: { volumeClaimTemplates: [claim], template: { spec } },
    },
    { sandbox: 'deploycheck-0123abcd', sources: new Set(['shop']), images: new Map(), newClasses },
  );
  expect(object.spec).toEqual({
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }],
    template: { spec: { runtimeClassName: 'kept', containers: [] } },
  });
  expect(rewrites.map(({ why }) => why)).toContain(
    'PriorityClass/first comes with the release and is not in the cluster yet',
  );
});
