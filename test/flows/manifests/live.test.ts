import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookUp } from '../../../src/validators/manifest/live.ts';
import { manifestSetOf } from '../../../src/validators/manifest/load.ts';
import { openAdmin } from '../../adapters/kube/administrator.ts';
import { kubeconfig, openThroughProxy } from '../../adapters/kube/setup.ts';
import { systems } from '../../systems/bed.ts';
import { createNamespace, kubectl, type TestNamespace } from '../../systems/kubernetes.ts';
import { type Bench, bench } from '../simulate/support.ts';

const bed = await systems('kubernetes');
const password = randomBytes(12).toString('hex');

/** What it refers to is in the cluster, but for what is called `none`. */
const release = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  serviceAccountName: reader
  priorityClassName: none
  imagePullSecrets: [{name: none}]
  containers:
    - name: web
      image: registry.example/web:1.4.2
      envFrom: [{configMapRef: {name: settings}}, {configMapRef: {name: none}}]
      env:
        - {name: A, valueFrom: {secretKeyRef: {name: login, key: password}}}
        - {name: B, valueFrom: {secretKeyRef: {name: login, key: token}}}
        - {name: C, valueFrom: {configMapKeyRef: {name: kube-root-ca.crt, key: ca.crt}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
    - http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
          - {path: /a, pathType: Prefix, backend: {service: {name: web, port: {number: 81}}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
---
apiVersion: shop.example/v1
kind: Backend
metadata: {name: none}
`;

interface Said {
  readonly findings: readonly { check: string; message: string }[];
  readonly notExamined: readonly { what: string; why: string }[];
}

describe.skipIf(!bed)('manifests beside a cluster that is looked up', () => {
  const stack = new AsyncDisposableStack();
  let namespace: TestNamespace;
  let work: Bench;

  beforeAll(async () => {
    if (!bed) return;
    namespace = stack.use(await createNamespace('live'));
    work = stack.use(await bench(bed));
    await work.write('release.yaml', release);
    const make = (...args: string[]) => kubectl(['-n', namespace.name, 'create', ...args]);
    await make('configmap', 'settings', '--from-literal=mode=fast');
    await make('secret', 'generic', 'login', `--from-literal=password=${password}`);
    await make('service', 'clusterip', 'web', '--tcp=80');
    await make('serviceaccount', 'reader');
    await make('role', 'reader', '--verb=get', '--resource=configmaps,services');
    await make(
      'rolebinding',
      'reader',
      '--role=reader',
      `--serviceaccount=${namespace.name}:reader`,
    );
  }, 60_000);
  afterAll(() => stack.disposeAsync());

  async function examine(...args: string[]): Promise<Said & { exitCode: number | undefined }> {
    const { stdout, exitCode } = await work.run(
      ...['validate', 'manifests', 'release.yaml', '--server-rules', 'off', '--format', 'json'],
      ...args,
    );
    // The value of a Secret is nowhere.
    expect(stdout).not.toContain(password);
    const record: Said = JSON.parse(stdout);
    const rules = /reference|ingress-backend|service-account/;
    return {
      exitCode,
      findings: record.findings.filter(({ check }) => rules.test(check)),
      // The rules of the API server are off, and there is no schema of the custom resource.
      notExamined: record.notExamined.filter(({ what }) => !/^manifest|^Backend/.test(what)),
    };
  }

  it('finds what is there, and says what is not', async () => {
    const { findings, notExamined, exitCode } = await examine('--live', '-n', namespace.name);
    expect(exitCode).toBe(1);
    expect(notExamined).toEqual([]);
    const messages = findings.map(({ message }) => message.replace(/ of .+$/, '')).sort();
    const place = `neither in the manifests nor in namespace ${namespace.name}`;
    expect(messages).toEqual([
      expect.stringMatching(/^Backend is a kind that .+ does not serve/),
      `ConfigMap none is ${place}`,
      expect.stringMatching(/^PriorityClass none is neither in the manifests nor in /),
      'Secret login has no key token',
      `Secret none is ${place}`,
      'Service web has no port 81; it has 80 (80)',
    ]);
  });

  it('asks nobody without being told to', async () => {
    const { findings, notExamined } = await examine('-n', namespace.name);
    expect(findings).toEqual([]);
    expect(notExamined.map(({ what }) => what).sort()).toEqual([
      'ConfigMap none',
      'ConfigMap settings',
      'Role reader',
      'Secret login',
      'Secret none',
      'Service web',
      'ServiceAccount reader',
    ]);
  });

  it('does not call absent what it may not see', async () => {
    const token = (await kubectl(['-n', namespace.name, 'create', 'token', 'reader'])).trim();
    const file = await kubeconfig(bed, ({ users }) => {
      for (const entry of users) entry.user = { token };
    });
    const { findings, notExamined } = await examine(
      ...['--live', '--kubeconfig', file, '-n', namespace.name],
    );
    expect(notExamined.map(({ what }) => what).sort()).toEqual([
      'Role reader',
      'Secret login',
      'Secret none',
      'ServiceAccount reader',
    ]);
    for (const { why } of notExamined) expect(why).toMatch(/forbids GET .+ cannot get resource/);
    expect(findings.map(({ message }) => message.replace(/ is .+| has no .+/, '')).sort()).toEqual([
      'Backend',
      'ConfigMap none',
      'Service web',
    ]);
  });

  it('says that the cluster does not answer', async () => {
    const file = await kubeconfig(bed, ({ clusters }) => {
      for (const { cluster } of clusters) cluster.server = 'https://127.0.0.1:1';
    });
    const { findings, notExamined } = await examine('--live', '--kubeconfig', file);
    expect(findings).toEqual([]);
    expect(notExamined).toHaveLength(7);
    for (const { why } of notExamined) expect(why).toMatch(/refused the connection/);
  });

  it('asks no more once the cluster does not answer', async () => {
    const { kube, proxy } = await openThroughProxy(bed, namespace.name);
    let asked = 0;
    const cut: typeof kube = {
      ...kube,
      async get(ref, signal) {
        asked += 1;
        await proxy[Symbol.asyncDispose]();
        return kube.get(ref, signal);
      },
    };
    const pods = Array.from(
      { length: 40 },
      (_, at) =>
        `{apiVersion: v1, kind: Pod, metadata: {name: p${at}}, spec: {serviceAccountName: a${at}}}`,
    );
    const bytes = new TextEncoder().encode(pods.join('\n---\n'));
    const set = manifestSetOf([{ path: 'a.yaml', bytes }]);
    const answers = await lookUp(set, cut, new AbortController().signal);
    expect(answers).toHaveLength(40);
    for (const { presence } of answers) {
      expect(presence).toMatchObject({
        state: 'unknown',
        why: expect.stringMatching(/connection/),
      });
    }
    // Those that were under way, no others.
    expect(asked).toBeLessThanOrEqual(8);
  });

  it('asks for each object once, not for what is known, and keeps no value', async () => {
    const admin = await openAdmin(bed, namespace.name);
    const asked: string[] = [];
    const counting: typeof admin = {
      ...admin,
      get(ref, signal) {
        asked.push(`${ref.kind} ${ref.name}`);
        return admin.get(ref, signal);
      },
    };
    const bytes = new TextEncoder().encode(`${release}---\n${release}`);
    const set = {
      ...manifestSetOf([{ path: 'a.yaml', bytes }]),
      external: [{ text: '*/none' }],
    };
    const answers = await lookUp(set, counting, new AbortController().signal);
    expect(asked.sort()).toEqual([
      'ConfigMap settings',
      'Role reader',
      'Secret login',
      'Service web',
      'ServiceAccount reader',
    ]);
    expect(JSON.stringify(answers)).not.toMatch(/fast/);
    const login = answers.find(({ wanted }) => wanted.name === 'login');
    expect(login?.presence).toEqual({
      state: 'found',
      contents: [{ type: 'Opaque', data: { password: '' } }],
    });
    const reason = new Error('enough');
    await expect(lookUp(set, admin, AbortSignal.abort(reason))).rejects.toBe(reason);
    admin.close();
  });
});
