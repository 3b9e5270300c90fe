import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systems } from '../../systems/bed.ts';
import { createNamespace, kubectl, type TestNamespace } from '../../systems/kubernetes.ts';
import { bench, firstLine, sandboxesOf } from './support.ts';

const bed = await systems('kubernetes');
const group = `widgets-${randomBytes(3).toString('hex')}.example.com`;
const deadline = { timeout: 60_000, interval: 100 };

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `widgets.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true, subresources: { status: {} } },
        schema: {
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    ],
  },
};
const widget = {
  apiVersion: `${group}/v1`,
  kind: 'Widget',
  metadata: { name: 'w' },
  spec: { a: 1 },
};

describe.skipIf(!bed)('a custom resource in a simulation', () => {
  let target: TestNamespace;
  beforeAll(async () => {
    if (!bed) return;
    target = await createNamespace('target');
    await kubectl(['apply', '-f', '-'], JSON.stringify(definition));
    await kubectl(['wait', '--for=condition=Established', `crd/${definition.metadata.name}`]);
  });
  afterAll(async () => {
    if (bed) await kubectl(['delete', 'crd', definition.metadata.name, '--wait=false']);
    await target?.[Symbol.asyncDispose]();
  });

  /** Does what a controller would: says how the object stands, a moment after it was made. */
  const simulated = (...statuses: readonly object[]) => simulatedBy([], statuses);
  const simulatedBy = async (readiness: readonly object[], statuses: readonly object[]) => {
    if (!bed) throw new Error('no bed');
    await using own = await bench(bed);
    const environments = { test: { sandbox: { readiness } } };
    await own.write('deploycheck.yaml', JSON.stringify({ version: 1, environments }));
    await own.manifests(widget);
    const flags = ['--namespace', target.name, '--soak', '1s', '--ready-timeout', '25s'];
    const running = own.start('simulate', 'release.json', ...flags);
    const sandbox = await vi.waitFor(async () => {
      const [name] = await sandboxesOf(own.folder);
      expect(name).toBeDefined();
      return String(name);
    }, deadline);
    for (const status of statuses) {
      const patch = ['patch', `widgets.${group}`, 'w', '--subresource=status', '--type=merge'];
      const args = ['-n', sandbox, ...patch, '-p', JSON.stringify({ status })];
      await vi.waitFor(() => kubectl(args), deadline);
    }
    const result = await running.ended;
    return { line: firstLine(result), ...(await own.kept()) };
  };
  const ready = (status: string, message = '') => ({
    conditions: [{ type: 'Ready', status, message }],
  });

  it.concurrent('is waited for, by its condition Ready', { timeout: 120_000 }, async () => {
    const { line } = await simulated(ready('False', 'looking'), ready('True'));
    expect(line).toMatch(/^GO {2}Widget\/w its condition Ready is True/);
  });

  it.concurrent('that never becomes ready is named', { timeout: 120_000 }, async () => {
    const { line, simulation } = await simulated(ready('False', 'no DNS record'));
    expect(line).toMatch(/^NO-GO {2}Widget\/w: was not ready in time: no DNS record/);
    expect(simulation.ended).toBe('deadline');
  });

  it.concurrent('may have a rule of its own', { timeout: 120_000 }, async () => {
    const rule = { group, kind: 'Widget', ready: { path: 'status.phase', values: ['Up'] } };
    const failed = { condition: 'Broken' };
    const up = await simulatedBy([rule], [{ phase: 'Rising' }, { phase: 'Up' }]);
    expect(up.line).toMatch(/^GO {2}Widget\/w its status.phase is "Up"/);
    const broken = { conditions: [{ type: 'Broken', status: 'True', message: 'no disk left' }] };
    const down = await simulatedBy([{ ...rule, failed }], [{ ...broken, phase: 'Up' }]);
    expect(down.line).toMatch(/^NO-GO {2}Widget\/w: .*no disk left/);
    expect(down.simulation.ended).toBe('doomed');
  });

  it.concurrent('of which nobody says anything is told of', { timeout: 120_000 }, async () => {
    const { line, record, simulation } = await simulated();
    expect(line).toMatch(/^GO {2}nothing to wait for; Widget\/w: not known whether ready;/);
    expect(simulation.workloads).toMatchObject([{ state: 'unknown' }]);
    expect(record.notExamined).toContainEqual({
      what: 'readiness of Widget/w',
      why: 'no rule says when it is ready',
    });
  });
});
