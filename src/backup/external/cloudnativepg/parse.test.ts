import { describe, expect, it } from 'vitest';
import { clusterState, parseBackups, scheduleProblem } from './parse.ts';

const cluster = {
  metadata: { name: 'shop', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { imageName: 'ghcr.io/cloudnative-pg/postgresql:17.4-bookworm' },
  status: {
    systemID: '7710750317385214732',
    conditions: [{ type: 'ContinuousArchiving', status: 'True' }],
  },
};
const of = { cluster: { name: 'shop' } };
const backup = {
  metadata: { name: 'a' },
  spec: of,
  status: {
    ...{ phase: 'completed', startedAt: '2026-01-02T00:00:00Z', stoppedAt: '2026-01-02T00:01:00Z' },
    ...{ beginWal: '000000010000000000000002', endWal: '000000010000000000000003' },
    ...{ beginLSN: '0/2000028', endLSN: '0/3000100', encryption: 'AES256' },
  },
};

describe('the objects of CloudNativePG', () => {
  it('say which backups there are', () => {
    expect(parseBackups([backup], 'shop', clusterState(cluster))).toMatchObject([
      {
        ...{ label: 'a', state: 'good', encrypted: true, serverMajor: 17 },
        systemIdentifier: '7710750317385214732',
        stoppedAt: '2026-01-02T00:01:00.000Z',
      },
    ]);
    expect(parseBackups([backup], 'other', clusterState(cluster))).toEqual([]);
  });

  it('give a backup of an earlier cluster of that name no identity', () => {
    const status = { ...backup.status, startedAt: '2025-12-31T00:00:00Z' };
    const [old] = parseBackups([{ ...backup, status }], 'shop', clusterState(cluster));
    expect(old).toMatchObject({ systemIdentifier: null, serverMajor: null });
    const split = [{ type: 'ConsistentSystemID', status: 'False' }];
    const state = clusterState({ ...cluster, status: { ...cluster.status, conditions: split } });
    expect(state.systemIdentifier).toBeNull();
  });

  it('leave unknown what they do not say', () => {
    const state = clusterState({});
    expect(state).toMatchObject({ systemIdentifier: null, serverMajor: null, encrypted: null });
    expect(state.archiving.unknown).toMatch(/no condition/);
    expect(parseBackups([{ metadata: { name: 'a' }, spec: of }], 'shop', state)).toMatchObject([
      { state: 'unknown', problem: 'its phase is not told', stoppedAt: null, wal: null },
    ]);
  });

  it('say that archiving fails, or that no schedule is at work', () => {
    const conditions = [{ type: 'ContinuousArchiving', status: 'False', message: 'no bucket' }];
    expect(clusterState({ status: { conditions } }).archiving.failing).toBe('no bucket');
    const schedule = (suspend: boolean) => ({ spec: { ...of, suspend } });
    expect(scheduleProblem([schedule(true)], 'shop')).toMatch(/suspended/);
    expect(scheduleProblem([schedule(true), schedule(false)], 'shop')).toBeNull();
    expect(scheduleProblem([], 'shop')).toBeNull();
  });
});
