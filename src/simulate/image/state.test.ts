import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../adapters/kube/kube.ts';
import { viewOf } from '../world.ts';
import { stateOf } from './state.ts';
import { usersOf } from './users.ts';

const pod = (status: object, more: object = {}): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'probe-1', uid: 'one' } },
  status: { containerStatuses: [{ name: 'main', ...status }], ...more },
});

const unhealthy: KubeObject = {
  ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', uid: 'two' } },
  ...{ type: 'Warning', reason: 'Unhealthy', involvedObject: { uid: 'one' } },
  message: 'Readiness probe failed: cat: /none: No such file',
};

const stateIn = (object: KubeObject, events: readonly KubeObject[] = [], asksHealth = true) => {
  const objects = new Map([object, ...events].map((one) => [one.metadata.uid ?? '', one]));
  return stateOf(object, viewOf({ objects }), asksHealth);
};

describe('how a pod stands', () => {
  it('is told by its container', () => {
    expect(stateIn(pod({ state: { running: {} }, ready: true }))).toMatchObject({
      ...{ running: true, health: { status: 'healthy' } },
    });
    const end = { exitCode: 137, reason: 'OOMKilled' };
    expect(stateIn(pod({ state: { terminated: end } }))).toMatchObject({
      ...{ running: false, exitCode: 137, oomKilled: true },
    });
  });

  it('is not healthy before its check has said so, and has what it printed', () => {
    const running = pod({ state: { running: {} }, ready: false });
    expect(stateIn(running).health).toEqual({ status: 'starting', output: '' });
    expect(stateIn(running, [unhealthy]).health).toEqual({
      ...{ status: 'unhealthy', output: 'cat: /none: No such file' },
    });
    expect(stateIn(running, [unhealthy], false).health).toBeNull();
  });
});

describe('who the processes are', () => {
  const status = (name: string, pid: number, parent: number, uid: number) =>
    `Name:\t${name}\nPid:\t${pid}\nPPid:\t${parent}\nUid:\t0\t${uid}\t0\t0\nGid:\t0\t7\t0\t0\n`;

  it('is told by effective ids, the main one first, without what looks', () => {
    const text = status('app', 7, 1, 0) + status('sh', 1, 0, 10001) + status('cat', 9, 0, 10001);
    expect(usersOf(text)).toEqual([
      { uid: 10001, gid: 7, command: 'sh' },
      { uid: 0, gid: 7, command: 'app' },
    ]);
  });

  it('is not told by what is no such file, or cut off', () => {
    expect(usersOf('cat: not found')).toEqual([]);
    expect(usersOf(status('app', 7, 1, 0))).toEqual([]);
    expect(usersOf(`${status('sh', 1, 0, 5)}Name:\tapp\nPid:\t7\n`)).toHaveLength(1);
  });
});
