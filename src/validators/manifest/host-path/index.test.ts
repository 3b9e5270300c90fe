import { describe, expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';
import { placeOf } from './places.ts';

const volumes = (path: string) => `volumes:\n  - name: v\n    hostPath: {path: '${path}'}`;

describe('a path of the node', () => {
  it.each([
    ['/run/containerd/containerd.sock', 'socket'],
    ['/var/run/crio/crio.sock', 'socket'],
    ['/var//run/docker.sock/', 'socket'],
    ['\\\\.\\pipe\\docker_engine', 'socket'],
    ['/', 'system'],
    ['/var/run', 'system'],
    ['/etc', 'system'],
    ['/etc/kubernetes/manifests', 'system'],
    ['/proc/', 'system'],
    ['/var/lib/kubelet/pods', 'system'],
    ['C:\\Windows\\System32', 'system'],
    ['/etc/localtime', 'node'],
    ['/var/log', 'node'],
    ['/usrlocal', 'node'],
    ['/dev/fuse', 'node'],
    ['C:\\data', 'node'],
  ])('%s is %s', (path, place) => {
    expect(placeOf(path)).toBe(place);
  });
});

it.each([
  [
    '/var/run/docker.sock',
    '',
    'socket',
    'volume v is the socket of the container runtime: /var/run/docker.sock',
  ],
  ['/etc', '', 'system', 'volume v is /etc of the node, which the node is run from'],
  [
    '/data',
    'volumeMounts: [{name: v, mountPath: /data}]',
    'node',
    'volume v is /data of the node, and container web may write to it',
  ],
  [
    '/var/log',
    'volumeMounts: [{name: v, mountPath: /logs, readOnly: true}]',
    'node',
    'volume v is /var/log of the node',
  ],
])('finds %s', async (path, fields, messageId, message) => {
  const { seen, messages, paths } = await examine(check, podWith(fields, volumes(path)));
  const line = fields === '' ? 13 : 14;
  expect(seen).toEqual([{ messageId, line, column: 24 }]);
  expect(messages).toEqual([message]);
  expect(paths).toEqual(['spec.volumes[0].hostPath.path']);
});

it.each([
  ['other volumes', 'volumes: [{name: a, emptyDir: {}}, {name: b, configMap: {name: c}}]'],
  ['a hostPath of nothing', 'volumes: [{name: a, hostPath: }]'],
  ['no volumes', ''],
])('is silent for %s', async (_, podFields) => {
  expect((await examine(check, podWith('', podFields))).outcome).toBe('pass');
});
