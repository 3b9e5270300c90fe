import { describe, expect, it } from 'vitest';
import { stateOf } from './configuration.ts';
import { onNodes } from './images.ts';
import { referencesOf } from './references.ts';

describe('what a template refers to', () => {
  it('is everything a pod cannot start without, once, with its keys', () => {
    const template = {
      spec: {
        serviceAccountName: 'web',
        priorityClassName: 'high',
        runtimeClassName: 'sandboxed',
        imagePullSecrets: [{ name: 'pull' }],
        initContainers: [
          { env: [{ valueFrom: { configMapKeyRef: { name: 'settings', key: 'B' } } }] },
        ],
        containers: [
          {
            env: [
              { name: 'PLAIN', value: 'x' },
              { valueFrom: { configMapKeyRef: { name: 'settings', key: 'A' } } },
              { valueFrom: { secretKeyRef: { name: 'maybe', key: 'A', optional: true } } },
            ],
            envFrom: [{ secretRef: { name: 'all' } }],
          },
        ],
        volumes: [
          { secret: { secretName: 'files', items: [{ key: 'tls.key' }] } },
          { persistentVolumeClaim: { claimName: 'data' } },
          { projected: { sources: [{ configMap: { name: 'extra', items: [{ key: 'C' }] } }] } },
          { emptyDir: {} },
        ],
      },
    };
    expect(
      referencesOf(template).map(({ kind, name, keys }) => [kind, name, ...keys].join(' ')),
    ).toEqual([
      'ConfigMap settings A B',
      'Secret all',
      'Secret files tls.key',
      'PersistentVolumeClaim data',
      'ConfigMap extra C',
      'Secret pull',
      'ServiceAccount web',
      'PriorityClass high',
      'RuntimeClass sandboxed',
    ]);
  });
});

describe('the state of a reference', () => {
  const reference = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: 'settings',
    namespaced: true,
    keys: ['A', 'B'],
  };
  const target = { created: '2026-01-02T00:00:00Z' };
  const object = (times: string[], data = { A: '1', B: '2' }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'settings',
      uid: 'u',
      resourceVersion: '9',
      creationTimestamp: '2026-01-01T00:00:00Z',
      managedFields: [
        ...times.map((time) => ({ time })),
        { time: '2026-01-09T00:00:00Z', subresource: 'status' },
      ],
    },
    data,
  });

  it('knows which keys are missing', () => {
    const state = stateOf(reference, object([], { A: '1' } as never), target);
    expect(state).toMatchObject({ state: 'missing-key', missingKeys: ['B'] });
    expect(stateOf(reference, undefined, target).state).toBe('missing');
    expect(stateOf(reference, undefined, target, 'forbidden').state).toBe('unknown');
  });

  it('goes by the last writer of its content, and not of its status', () => {
    const seen = (time: string) => stateOf(reference, object([time]), target).changedSince;
    expect([seen('2026-01-02T00:00:00Z'), seen('2026-01-02T00:00:01Z')]).toEqual([false, true]);
    expect(stateOf(reference, object([]), target).changedAt).toBe('2026-01-01T00:00:00Z');
  });
});

describe('what nodes have', () => {
  const node = (name: string, ...names: string[]) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: { images: [{ names }] },
  });
  const none = new Set<string>();
  const [a, b] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];

  it('is known by tag, also in the short form of Docker Hub', () => {
    const nodes = [node('1', 'docker.io/library/web:1'), node('2', 'docker.io/library/web:2')];
    expect(onNodes('web:1', null, nodes, none)).toMatchObject({ cachedOn: 1, nodes: 2 });
    expect(onNodes('web:1', null, nodes, new Set(['2']))).toMatchObject({ cachedOn: 2 });
  });

  it('shows a tag that moved, and only within its repository', () => {
    const nodes = [node('1', `r.example/web@${a}`, 'r.example/web:1', `r.example/other@${b}`)];
    expect(onNodes('r.example/web:1', b, nodes, none).moved).toBe(a);
    expect(onNodes('r.example/web:1', a, nodes, none).moved).toBeNull();
    expect(onNodes(`r.example/web:1@${a}`, a, nodes, none)).toMatchObject({
      cachedOn: 1,
      moved: null,
    });
  });
});
