import { expect, it } from 'vitest';
import { runChecks } from '../core/engine.ts';
import { judgedRecord } from '../core/judged-record.ts';
import { diffLines, headline } from './headline.ts';
import type { Simulation } from './observation.ts';
import { simulationParts } from './record.ts';
import { checks } from './rules/registry.ts';
import { shop, simulationOf } from './rules/testing.ts';

async function recorded(simulation: Simulation) {
  const run = await runChecks({
    ...{ checks, targets: [simulation], signal: new AbortController().signal },
    clock: { now: () => new Date(0), monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('unused')) },
  });
  const made = {
    targets: [simulation],
    run,
    failOn: 'error',
    startedAt: new Date(0),
  } as const;
  const named = { command: 'simulate', toolVersion: '1', durationMs: 1 };
  return { ...judgedRecord({ ...made, ...named }), ...simulationParts(simulation, run) };
}

it('tells what went well', async () => {
  const simulation = simulationOf();
  expect(headline(await recorded(simulation), simulation)).toBe(
    'GO  Deployment/shop 3 of 3 pods available after 4.2 s; nothing outside touched (120 objects compared); sandbox removed',
  );
});

it('names the first cause', async () => {
  const cause = {
    reason: 'crash-loop',
    pod: 'a',
    container: 'web',
    detail: 'x',
    lastLog: null,
  } as const;
  const workload = {
    object: shop,
    state: 'failed',
    message: '',
    cause,
    readyAfterMs: null,
  } as const;
  const simulation = simulationOf({ ended: 'doomed', workloads: [workload] });
  const record = await recorded(simulation);
  expect(record.verdict).toBe('no-go');
  expect(headline(record, simulation)).toMatch(
    /^NO-GO {2}Deployment\/shop, container web: crashes/,
  );
});

const probe = {
  ...{ service: 'shop', pod: 'shop-1', port: 8080, path: '/readyz', expectedStatus: 200 },
  ...{ expectedBody: null, status: 200, bodyMatches: null, json: null, dependencies: [] },
  ...{ body: 'x', durationMs: 1, tlsDaysLeft: null, error: null },
};
const attempt = { bearing: 'no token', status: 200, error: null } as const;
const guarded = {
  behaviour: 'authentication',
  service: 'shop',
  path: '/orders',
  pod: 'shop-1',
  seen: { method: 'GET', attempts: [attempt] },
} as const;

it('names what is not healthy before what it behaves like', async () => {
  const sick = simulationOf({ probes: [{ ...probe, status: 503 }], behaviour: [guarded] });
  expect(headline(await recorded(sick), sick)).toBe(
    'NO-GO  shop: /readyz answers 503 instead of 200: x (and 1 more)',
  );
  const open = simulationOf({ probes: [probe], behaviour: [guarded] });
  expect(headline(await recorded(open), open)).toBe(
    'NO-GO  shop: /orders answers GET with 200 for no token; verify the token and answer 401',
  );
});

it('leaves it open when a behaviour could not be asked', async () => {
  const { seen: _, ...named } = guarded;
  const unasked = { ...named, pod: null, why: 'no pod is ready' } as const;
  const simulation = simulationOf({ behaviour: [unasked] });
  expect(headline(await recorded(simulation), simulation)).toBe(
    'PENDING  authentication of shop /orders: no pod is ready',
  );
});

it('says what leaves it open', async () => {
  const gap = { what: 'chart', why: 'a Helm chart', open: true };
  const simulation = simulationOf({ notSimulated: [gap] });
  expect(headline(await recorded(simulation), simulation)).toBe('PENDING  chart: a Helm chart');
});

it('puts what was left out before the signer without leaving the verdict open', async () => {
  const gap = { what: 'Ingress/shop', why: 'made for no host', open: false };
  const record = await recorded(simulationOf({ notSimulated: [gap] }));
  expect(record.verdict).toBe('go');
  expect(record.notExamined).toEqual([
    { what: 'Ingress/shop', why: 'not simulated: made for no host' },
  ]);
  expect(record.measurements[0]).toMatchObject({
    name: 'simulation.ready Deployment/shop',
    value: 4.2,
  });
});

it('shows differences field by field', () => {
  const fields = [{ path: 'spec.replicas', before: '2', after: '3' }];
  const diff = [{ object: shop, change: 'changed', fields }] as const;
  expect(diffLines(simulationOf({ diff }))).toEqual([
    '~ Deployment/shop changed',
    '    - spec.replicas: 2',
    '    + spec.replicas: 3',
  ]);
});
