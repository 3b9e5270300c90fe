import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube } from '../../../src/adapters/kube/kube.ts';
import { systems } from '../../systems/bed.ts';
import { createNamespace, kubectl, type TestNamespace } from '../../systems/kubernetes.ts';
import { accepted, all, configMap, configMaps, createKind, never, openAdmin } from './setup.ts';

const bed = await systems('kubernetes', 'registry');

describe.skipIf(!bed)('objects', () => {
  let home: TestNamespace;
  let kube: Kube;

  beforeAll(async () => {
    home = await createNamespace('objects');
    kube = await openAdmin(bed, home.name);
  });
  afterAll(async () => {
    kube?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const shown = async (...args: string[]) =>
    JSON.parse(await kubectl(['--namespace', home.name, 'get', ...args, '-o', 'json']));

  it('says the same of the server as kubectl', async () => {
    const { serverVersion } = JSON.parse(await kubectl(['version', '-o', 'json']));
    expect((await kube.version(never)).gitVersion).toBe(serverVersion.gitVersion);
    expect(await kube.version(never)).toMatchObject({ major: 1, minor: 34 });
  });

  it('finds every resource that kubectl finds', async () => {
    const { resources, unavailable } = await kube.resources(never);
    const ours = resources
      .filter(({ preferred }) => preferred)
      .map(({ name, group }) => (group === '' ? name : `${name}.${group}`));
    const theirs = (await kubectl(['api-resources', '-o', 'name'])).trim().split('\n');
    expect(ours.sort()).toEqual(theirs.sort());
    expect(unavailable).toEqual([]);
    const namespaced = (await kubectl(['api-resources', '-o', 'name', '--namespaced=false']))
      .trim()
      .split('\n');
    expect(resources.filter((one) => one.preferred && !one.namespaced)).toHaveLength(
      namespaced.length,
    );
    expect(await kube.resourceFor({ apiVersion: 'apps/v1', kind: 'Deployment' }, never)).toEqual(
      expect.objectContaining({
        group: 'apps',
        name: 'deployments',
        namespaced: true,
        verbs: expect.arrayContaining(['list', 'patch', 'watch']),
        subresources: expect.arrayContaining(['scale', 'status']),
      }),
    );
  });

  it('knows a kind as soon as the server serves it', async () => {
    const group = `${home.name}.example.com`;
    const ref = { apiVersion: `${group}/v1`, kind: 'Widget' };
    expect(await kube.resourceFor(ref, never)).toBeUndefined();
    expect(await kube.get({ ...ref, name: 'one' }, never)).toBeUndefined();
    expect(await all(kube.list(ref, {}, never))).toEqual([]);
    expect(await kube.apply({ ...ref, metadata: { name: 'one' } }, {}, never)).toMatchObject({
      outcome: 'refused',
      status: { code: 404 },
    });
    await using _kind = await createKind(group);
    {
      await expect
        .poll(() => kube.resourceFor(ref, never), { timeout: 20_000 })
        .toMatchObject({ name: 'widgets' });
      const wrong = { ...ref, metadata: { name: 'one' }, spec: { size: 'large' } };
      expect(await kube.create(wrong, {}, never)).toMatchObject({
        outcome: 'refused',
        status: { code: 422, reason: 'Invalid', causes: [{ field: 'spec.size' }] },
      });
      accepted(await kube.create({ ...wrong, spec: { size: 3 } }, {}, never));
      expect(await kube.get({ ...ref, name: 'one' }, never)).toMatchObject({ spec: { size: 3 } });
    }
  });

  it('applies, reads and removes what kubectl then sees', async () => {
    const written = accepted(await kube.apply(configMap(home.name, 'one', { a: '1' }), {}, never));
    expect(written.object).toEqual(await shown('configmap', 'one', '--show-managed-fields'));
    expect(written.object.metadata).toMatchObject({
      managedFields: [{ manager: 'deploycheck', operation: 'Apply' }],
    });
    const ref = { ...configMaps, name: 'one' };
    expect(await kube.get(ref, never)).toEqual(written.object);
    const removed = await kube.remove(ref, {}, never);
    expect(removed).toMatchObject({ outcome: 'ok', object: undefined });
    expect(await kube.get(ref, never)).toBeUndefined();
    await expect(shown('configmap', 'one')).rejects.toThrow('not found');
    expect(await kube.remove(ref, {}, never)).toMatchObject({
      outcome: 'refused',
      status: { code: 404, reason: 'NotFound' },
    });
  });

  it('stores nothing in a dry run', async () => {
    const object = configMap(home.name, 'dry', { a: '1' });
    const options = { dryRun: true };
    expect(accepted(await kube.apply(object, options, never)).object).toMatchObject({
      data: { a: '1' },
    });
    accepted(await kube.create(object, options, never));
    expect(await kube.get({ ...configMaps, name: 'dry' }, never)).toBeUndefined();
    accepted(await kube.create(object, {}, never));
    const ref = { ...configMaps, name: 'dry' };
    accepted(await kube.patch(ref, { type: 'merge', body: { data: { a: '2' } } }, options, never));
    accepted(await kube.remove(ref, options, never));
    expect(await kube.get(ref, never)).toMatchObject({ data: { a: '1' } });
  });

  it('makes a name, and refuses one that is taken', async () => {
    const made = accepted(
      await kube.create({ ...configMaps, metadata: { generateName: 'made-' } }, {}, never),
    );
    expect(made.object.metadata.name).toMatch(/^made-.{5}$/);
    const again = await kube.create(configMap(home.name, made.object.metadata.name), {}, never);
    expect(again).toMatchObject({
      outcome: 'refused',
      status: { code: 409, reason: 'AlreadyExists' },
    });
  });

  it('patches in three ways', async () => {
    const labels = { app: 'patched' };
    accepted(
      await kube.apply(
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'patched', namespace: home.name },
          spec: {
            replicas: 0,
            selector: { matchLabels: labels },
            template: {
              metadata: { labels },
              spec: {
                containers: [
                  { name: 'a', image: 'a' },
                  { name: 'b', image: 'b' },
                ],
              },
            },
          },
        },
        {},
        never,
      ),
    );
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'patched' };
    const containers = (image: string) => ({
      spec: { template: { spec: { containers: [{ name: 'a', image }] } } },
    });
    const images = async () =>
      (await shown('deployment', 'patched')).spec.template.spec.containers.map(
        (container: { image: string }) => container.image,
      );
    accepted(await kube.patch(ref, { type: 'strategic', body: containers('s') }, {}, never));
    expect(await images()).toEqual(['s', 'b']);
    const path = '/spec/template/spec/containers/1/image';
    const body = [{ op: 'replace', path, value: 'j' }];
    accepted(await kube.patch(ref, { type: 'json', body }, {}, never));
    expect(await images()).toEqual(['s', 'j']);
    accepted(await kube.patch(ref, { type: 'merge', body: containers('m') }, {}, never));
    expect(await images()).toEqual(['m']);
    const wrong = [{ op: 'test', path, value: 'other' }];
    expect(await kube.patch(ref, { type: 'json', body: wrong }, {}, never)).toMatchObject({
      outcome: 'refused',
    });

    const scale = { ...ref, subresource: 'scale' };
    expect(await kube.get(scale, never)).toMatchObject({ kind: 'Scale' });
    const none = { type: 'merge', body: { spec: { replicas: -1 } } } as const;
    expect(await kube.patch(scale, none, {}, never)).toMatchObject({ status: { code: 422 } });
  });

  it('removes the object meant, and not another of its name', async () => {
    const { object } = accepted(await kube.create(configMap(home.name, 'meant'), {}, never));
    const ref = { ...configMaps, name: 'meant' };
    const uid = '00000000-0000-0000-0000-000000000000';
    expect(await kube.remove(ref, { uid }, never)).toMatchObject({
      outcome: 'refused',
      status: { code: 409, reason: 'Conflict' },
    });
    const right = object.metadata.uid ?? '';
    expect(await kube.remove(ref, { uid: right }, never)).toMatchObject({ outcome: 'ok' });
  });

  it('gives back what finalizers hold', async () => {
    const finalizers = ['example.com/held'];
    const held = { ...configMaps, metadata: { name: 'held', finalizers } };
    accepted(await kube.create(held, {}, never));
    const ref = { ...configMaps, name: 'held' };
    const removed = await kube.remove(ref, { propagation: 'Foreground' }, never);
    expect(removed).toMatchObject({
      outcome: 'ok',
      object: { metadata: { finalizers: [...finalizers, 'foregroundDeletion'] } },
    });
    const body = { metadata: { finalizers: null } };
    accepted(await kube.patch(ref, { type: 'merge', body }, {}, never));
    await expect.poll(() => kube.get(ref, never), { timeout: 20_000 }).toBeUndefined();
  });

  it('gives every object of many pages once, as kubectl does', async () => {
    const count = 23;
    const items = Array.from({ length: count }, (_, at) => ({
      ...configMap(home.name, `page-${at}`),
      metadata: { name: `page-${at}`, namespace: home.name, labels: { many: 'yes' } },
    }));
    await kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const options = { labelSelector: 'many=yes', namespace: home.name };
    const names = async (pageSize: number) =>
      (await all(kube.list(configMaps, { ...options, pageSize }, never))).map(
        (object) => object.metadata.name,
      );
    const theirs: string[] = (await shown('configmap', '-l', 'many=yes')).items.map(
      (item: { metadata: { name: string } }) => item.metadata.name,
    );
    expect(theirs).toHaveLength(count);
    expect(await names(5)).toEqual(theirs);
    expect(await names(500)).toEqual(theirs);
    const [first] = await all(
      kube.list(configMaps, { ...options, fieldSelector: 'metadata.name=page-7' }, never),
    );
    expect(first).toMatchObject({ ...configMaps, metadata: { name: 'page-7' } });
    const everywhere = await all(kube.list(configMaps, { pageSize: 3 }, never));
    expect(new Set(everywhere.map((one) => one.metadata.namespace)).size).toBeGreaterThan(3);
  });

  it('reads text', async () => {
    expect(await kube.text('/readyz', never)).toBe('ok');
    const path = '/api/v1/nodes/node1/proxy/metrics/cadvisor';
    expect(await kube.text(path, never)).toMatch(/^container_cpu_usage_seconds_total\{/m);
    expect(await kube.text('/apis/no.such.group/v1/things', never)).toBeUndefined();
  });

  it('reads raw JSON', async () => {
    expect(await kube.raw('/api/v1/nodes?limit=1', never)).toMatchObject({ kind: 'NodeList' });
    const stats = await kube.raw('/api/v1/nodes/node1/proxy/stats/summary', never);
    expect(stats).toMatchObject({ node: { nodeName: 'node1' } });
    expect(await kube.raw('/apis/no.such.group/v1/things', never)).toBeUndefined();
    await expect(kube.raw('/readyz', never)).rejects.toMatchObject({
      code: 'cluster-failed',
      message: expect.stringContaining('JSON'),
    });
  });
});
