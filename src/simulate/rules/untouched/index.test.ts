import { expect, it } from 'vitest';
import type { IsolationSeen, WriteSeen } from '../../observed-parts.ts';
import { judge, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const healthy = simulationOf().isolation;
const seen = (parts: Partial<IsolationSeen>) =>
  judge(check, simulationOf({ isolation: { ...healthy, ...parts } }));
const write = (parts: Partial<WriteSeen>): WriteSeen => ({
  ...{ verb: 'apply', apiVersion: 'v1', kind: 'ConfigMap', name: 'a', account: 'user' },
  ...{ namespace: 'deploycheck-0123abcd', dryRun: false, outcome: 'ok' },
  ...parts,
});

it('is silent for writes in the sandbox, of the sandbox, and dry runs', async () => {
  const writes = [
    write({}),
    write({ kind: 'Namespace', namespace: null, name: 'deploycheck-0123abcd', verb: 'delete' }),
    write({ namespace: 'shop', dryRun: true }),
  ];
  expect((await seen({ writes })).outcome).toBe('pass');
});

it('finds a write outside, sent or stopped', async () => {
  const writes = [
    write({ namespace: 'shop' }),
    write({ kind: 'Namespace', namespace: null, name: 'shop' }),
    write({ namespace: 'shop', outcome: 'stopped' }),
  ];
  expect((await seen({ writes })).said).toEqual([
    'wrote-outside: deploycheck sent apply ConfigMap/shop/a, which is outside of the sandbox',
    'wrote-outside: deploycheck sent apply Namespace/shop, which is outside of the sandbox',
    'write-stopped: deploycheck was about to apply ConfigMap/shop/a, which is outside of the sandbox, and did not',
  ]);
});

it('finds a change by this run, notes one by others in the target, passes over the rest', async () => {
  const change = { change: 'changed', managers: ['hpa'], ours: false } as const;
  const changes = [
    { ...change, object: 'Deployment/other/x', namespace: 'other', ours: true },
    { ...change, object: 'Deployment/shop/shop', namespace: 'shop' },
    { ...change, object: 'Deployment/other/y', namespace: 'other' },
  ];
  const { said, severities } = await seen({ changes });
  expect(said).toEqual([
    'changed-by-us: Deployment/other/x is outside of the sandbox and was changed by this run',
    'changed-meanwhile: Deployment/shop/shop was changed meanwhile, by hpa',
  ]);
  expect(severities).toEqual(['error', 'info']);
});

it('finds rights in the target namespace', async () => {
  expect((await seen({ permissions: ['patch deployments.apps'] })).said).toEqual([
    'may-write: the account of the sandbox may patch deployments.apps in namespace shop',
  ]);
});

it('warns of real credentials in the sandbox', async () => {
  const secrets = { given: [{ name: 'keys', from: 'copy' }], missing: [] } as const;
  const { said, severities } = await judge(check, simulationOf({ secrets }));
  expect(said[0]).toContain('the pods had the own Secret keys of namespace shop');
  expect(severities).toEqual(['warning']);
});
