import { describe, expect, it } from 'vitest';
import { requestOf } from '../../probe/asked.ts';
import type { RunSettings } from '../../probe/settings.ts';
import { listAt, partAt, recordAt } from '../../validators/manifest/read.ts';
import { podOf, variablesSecret } from './pod.ts';

const healthCheck = { test: ['CMD-SHELL', 'exit 0'], interval: 0, timeout: 2.5e9, retries: 0 };

const made = (settings: RunSettings, asked = {}, environment = {}) => {
  const request = requestOf('shop:1', 'shop:1', environment, asked);
  const plan = { name: 'probe-1', namespace: 'sandbox', image: 'shop@sha256:0', healthCheck };
  const pod = podOf({ ...plan, request, settings });
  const [container] = listAt(pod, 'spec', 'containers');
  return { pod, container, security: recordAt(container, 'securityContext') };
};

describe('a run as a pod', () => {
  it('asks for nothing but the profile of system calls when no setting is tried', () => {
    const { pod, security } = made({});
    expect(security).toEqual({});
    expect(partAt(pod, 'spec', 'securityContext')).toEqual({
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(partAt(pod, 'spec', 'automountServiceAccountToken')).toBe(false);
    expect(partAt(pod, 'spec', 'restartPolicy')).toBe('Never');
  });

  it('has each setting where a manifest has it', () => {
    const { container, security } = made({
      ...{ user: '10001:0', readOnlyRoot: true, noNewPrivileges: true, memory: 64 },
      capabilities: ['CHOWN'],
    });
    expect(security).toEqual({
      ...{ runAsUser: 10001, runAsGroup: 0, runAsNonRoot: true, readOnlyRootFilesystem: true },
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'], add: ['CHOWN'] },
    });
    expect(partAt(container, 'resources', 'limits', 'memory')).toBe('64');
    expect(made({ capabilities: [] }).security).toEqual({ capabilities: { drop: ['ALL'] } });
    expect(made({ user: '0:0' }).security).toMatchObject({ runAsNonRoot: false });
  });

  it('mounts each folder once', () => {
    const { pod, container } = made(
      { writable: ['/tmp', '/cache'] },
      { tmpfs: ['/tmp'], volumes: ['/data'] },
    );
    expect(listAt(container, 'volumeMounts').map((mount) => partAt(mount, 'mountPath'))).toEqual([
      ...['/tmp', '/data', '/cache'],
    ]);
    expect(listAt(pod, 'spec', 'volumes')).toHaveLength(3);
  });

  it('is ready by its health check, unless a request is named', () => {
    expect(partAt(made({}).container, 'readinessProbe')).toMatchObject({
      exec: { command: ['/bin/sh', '-c', 'exit 0'] },
      timeoutSeconds: 3,
    });
    const probe = recordAt(made({}, { ready: 'http:80/up' }).container, 'readinessProbe');
    expect([probe.httpGet, probe.exec]).toEqual([{ port: 80, path: '/up' }, undefined]);
  });

  it('has the values of variables in a Secret alone', () => {
    const environment = { TOKEN: 'hunter2-hunter2', 'a.b': 'c' };
    expect(JSON.stringify(made({}, {}, environment).pod)).not.toContain('hunter2');
    expect(variablesSecret('sandbox', environment)).toMatchObject({
      stringData: { 'variable-1': 'hunter2-hunter2', 'variable-2': 'c' },
    });
  });
});
