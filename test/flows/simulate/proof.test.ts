import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKube } from '../../../src/adapters/kube/client.ts';
import type { Kube } from '../../../src/adapters/kube/kube.ts';
import { writesAllowedIn } from '../../../src/simulate/permissions.ts';
import { planOf } from '../../../src/simulate/plan.ts';
import { createRecorder } from '../../../src/simulate/recorder.ts';
import type { SimulateRequest } from '../../../src/simulate/request.ts';
import { compareSnapshots, newSnapshotKey, takeSnapshot } from '../../../src/simulate/snapshot.ts';
import { systems } from '../../systems/bed.ts';
import { createNamespace, kubectl, type TestNamespace } from '../../systems/kubernetes.ts';

const bed = await systems('kubernetes');
const never = new AbortController().signal;

describe.skipIf(!bed)('the proof that nothing else was touched', () => {
  let kube: Kube;
  let target: TestNamespace;

  beforeAll(async () => {
    if (!bed) return;
    kube = await openKube({ kubeconfig: bed('KUBECONFIG') }, never);
    target = await createNamespace('proof');
  });
  afterAll(async () => {
    kube?.close();
    await target?.[Symbol.asyncDispose]();
  });

  const settings = (namespace: string, data: Record<string, string> = {}) => {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace }, data };
  };

  it('stops a write outside of the sandbox before it is sent', async () => {
    const recorder = createRecorder('deploycheck-00000002');
    const user = recorder.watchOver(kube, 'user');
    const written = await user.apply(settings(target.name), {}, never);
    expect(written).toMatchObject({ outcome: 'refused', status: { reason: 'OutsideSandbox' } });
    const removed = await user.remove(
      { apiVersion: 'v1', kind: 'Namespace', name: target.name },
      {},
      never,
    );
    expect(removed.outcome).toBe('refused');
    expect((await user.apply(settings(target.name), { dryRun: true }, never)).outcome).toBe('ok');
    expect(recorder.writes.map(({ verb, kind, outcome }) => `${verb} ${kind} ${outcome}`)).toEqual([
      'apply ConfigMap stopped',
      'delete Namespace stopped',
      'apply ConfigMap ok',
    ]);
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings', namespace: target.name };
    expect(await kube.get(ref, never)).toBeUndefined();
    expect(await kubectl(['get', 'namespace', target.name, '-o', 'name'])).toContain(target.name);
  });

  it('sees what changed outside, and whose hand it was', async () => {
    const options = { sandbox: 'deploycheck-00000002', key: newSnapshotKey() };
    const began = new Date();
    const fieldManager = 'deploycheck-00000002';
    const before = await takeSnapshot(kube, options, never);
    await kube.apply(settings(target.name, { a: 'b' }), { fieldManager }, never);
    await kubectl([
      ...['--namespace', target.name, 'create', 'configmap', 'other'],
      '--from-literal=a=b',
    ]);
    const after = await takeSnapshot(kube, options, never);
    const changes = compareSnapshots(before, after, { began, fieldManager });
    expect(changes.filter(({ namespace }) => namespace === target.name)).toEqual([
      {
        ...{ object: `ConfigMap/${target.name}/other`, namespace: target.name, change: 'added' },
        ...{ managers: ['kubectl-create'], ours: false },
      },
      {
        ...{ object: `ConfigMap/${target.name}/settings`, namespace: target.name, change: 'added' },
        ...{ managers: [fieldManager], ours: true },
      },
    ]);
    // The digests are keyed, so that values cannot be guessed from them.
    const again = await takeSnapshot(kube, { ...options, key: newSnapshotKey() }, never);
    const digest = (snapshot: typeof before) =>
      snapshot.entries.get(`/ConfigMap/${target.name}/settings`)?.digest;
    expect(digest(again)).not.toBe(digest(after));
  });

  it('lists what an account may write', async () => {
    const release = [settings(target.name)];
    const allowed = await writesAllowedIn(kube, target.name, release, never);
    expect(allowed).toContain('create configmaps');
    const name = 'bystander';
    await kubectl(['--namespace', target.name, 'create', 'serviceaccount', name]);
    const token = await kubectl(['--namespace', target.name, 'create', 'token', name]);
    const account = kube.asServiceAccount(token.trim());
    expect(await writesAllowedIn(account, target.name, release, never)).toEqual([]);
    account.close();
  });

  it('plans what goes in, what is only dry-run, and what stays out', async () => {
    const entry = (value: object) => {
      return { value: { apiVersion: 'v1', ...value }, file: null, line: null, service: null };
    };
    const request = {
      ...{ kube, targetNamespace: 'shop', images: new Map() },
      objects: [
        entry({ kind: 'Namespace', metadata: { name: 'shop' } }),
        entry({ kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop' } }),
        entry({ kind: 'ConfigMap', metadata: { name: 'a', namespace: 'jobs' } }),
        entry({ kind: 'PersistentVolume', metadata: { name: 'pv' } }),
        entry({
          apiVersion: 'policy/v1beta1',
          kind: 'PodDisruptionBudget',
          metadata: { name: 'b' },
        }),
        entry({
          ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
          metadata: { name: 'widgets.example.com' },
          spec: { group: 'example.com', names: { kind: 'Widget' } },
        }),
        entry({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } }),
      ],
    };
    const parts: Pick<SimulateRequest, keyof typeof request> = request;
    const plan = await planOf({ ...rest, ...parts }, 'deploycheck-00000002', never);
    expect(plan.inside.map(({ object }) => `${object.kind}/${object.metadata.namespace}`)).toEqual([
      'ConfigMap/deploycheck-00000002',
      'PodDisruptionBudget/deploycheck-00000002',
    ]);
    expect(plan.clusterScoped.map(({ kind }) => kind)).toEqual([
      'PersistentVolume',
      'CustomResourceDefinition',
    ]);
    expect(plan.namespaces).toHaveLength(1);
    expect(plan.notSimulated.map(({ what, open }) => `${what} ${open}`)).toEqual([
      'ConfigMap/a true',
      'Widget/w false',
      'PersistentVolume/pv false',
      'CustomResourceDefinition/widgets.example.com false',
    ]);
  });
});

const rest = {
  leftOut: [],
  health: [],
  deadlines: { readyMs: 1, cleanUpMs: 1 },
  soakMs: 0,
  readiness: [],
  sequential: false,
  inspect: false,
  diffOnly: false,
  secrets: new Map(),
  egress: { allowed: [] },
  toolVersion: '0.0.0-test',
};
