import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { detect } from '../../config/detect.ts';
import { parseConfig } from '../../config/parse.ts';
import { starterConfig } from '../../config/starter.ts';
import { readSchemaPool } from './schema-pool.ts';

it('holds the kinds a manifest can be written of', async () => {
  const pool = await readSchemaPool();
  const api = pool.api('v1.34.2');
  expect(api?.version).toBe('1.34');
  expect(api?.kinds.get('apps/v1/Deployment')).toEqual({
    schema: 'io.k8s.api.apps.v1.Deployment',
    namespaced: true,
    byDefault: true,
  });
  expect(api?.kinds.get('v1/Namespace')?.namespaced).toBe(false);
  const kinds = [...(api?.kinds.keys() ?? [])].map((key) => key.split('/').at(-1));
  for (const kind of ['DeleteOptions', 'Status', 'WatchEvent', 'PodList', 'Eviction', 'Scale']) {
    expect(kinds).not.toContain(kind);
  }
});

it('has a schema for every kind and every reference', async () => {
  const pool = await readSchemaPool();
  for (const version of pool.versions) {
    const api = pool.api(version);
    const open = [...(api?.kinds.values() ?? [])].map(({ schema }) => schema);
    const seen = new Set(open);
    for (const name of seen) {
      const schema = api?.schema(name);
      expect(schema, name).toBeDefined();
      for (const [, reference = ''] of JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g)) {
        seen.add(reference);
      }
    }
    expect(seen.size).toBeGreaterThan(400);
  }
});

it('holds every minor version from 1.23 to the newest one', async () => {
  const { versions } = await readSchemaPool();
  expect(versions[0]).toBe('1.23');
  expect(versions).toEqual(versions.map((_, index) => `1.${23 + index}`));
  expect(versions.length).toBeGreaterThanOrEqual(14);
});

it('is what a new configuration starts with', async () => {
  const { versions } = await readSchemaPool();
  const folder = await mkdtemp(join(tmpdir(), 'empty-'));
  const found = await detect(folder, new AbortController().signal);
  await rm(folder, { recursive: true });
  const { own } = parseConfig(starterConfig('x', found), 'deploycheck.yaml');
  expect(own.environments?.production?.kubeVersion).toBe(versions.at(-1));
});

it('has the schema of each version, where they differ', async () => {
  const pool = await readSchemaPool();
  const fields = (version: string) =>
    Object.keys(pool.api(version)?.schema('io.k8s.api.core.v1.Container')?.properties ?? {});
  expect(fields('1.26')).not.toContain('resizePolicy');
  expect(fields('1.27')).toContain('resizePolicy');
  // https://kubernetes.io/docs/reference/using-api/deprecation-guide/#v1-27
  expect(pool.api('1.26')?.kinds.has('storage.k8s.io/v1beta1/CSIStorageCapacity')).toBe(true);
  expect(pool.api('1.27')?.kinds.has('storage.k8s.io/v1beta1/CSIStorageCapacity')).toBe(false);
});

it.each([
  // https://kubernetes.io/docs/reference/using-api/deprecation-guide/
  ['apps/v1beta1/Deployment', undefined, '1.16', 'apps/v1/Deployment'],
  ['networking.k8s.io/v1beta1/Ingress', undefined, '1.22', 'networking.k8s.io/v1/Ingress'],
  ['batch/v1beta1/CronJob', '1.23', '1.25', 'batch/v1/CronJob'],
  [
    'autoscaling/v2beta2/HorizontalPodAutoscaler',
    '1.23',
    '1.26',
    'autoscaling/v2/HorizontalPodAutoscaler',
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1beta2/FlowSchema',
    '1.23',
    '1.29',
    'flowcontrol.apiserver.k8s.io/v1beta3/FlowSchema',
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1beta3/FlowSchema',
    '1.26',
    '1.32',
    'flowcontrol.apiserver.k8s.io/v1/FlowSchema',
  ],
  ['apps/v1/Deployment', '1.23', undefined, undefined],
])('knows how long %s was there', async (key, introduced, gone, replacement) => {
  const pool = await readSchemaPool();
  expect(pool.lifecycle(key)).toMatchObject({ introduced, gone, replacement });
});

it('knows what a server serves without being told to', async () => {
  const pool = await readSchemaPool();
  const on = (version: string, key: string) => pool.api(version)?.kinds.get(key)?.byDefault;
  expect(on('1.31', 'flowcontrol.apiserver.k8s.io/v1beta3/FlowSchema')).toBe(true);
  expect(on('1.24', 'storage.k8s.io/v1beta1/CSIStorageCapacity')).toBe(true);
  expect(on('1.32', 'networking.k8s.io/v1beta1/IPAddress')).toBe(false);
  expect(on('1.36', 'internal.apiserver.k8s.io/v1alpha1/StorageVersion')).toBe(false);
  expect(on('1.36', 'v1/Pod')).toBe(true);
  expect(pool.lifecycle('example.com/v1/Backend')).toBeUndefined();
});

it('takes the newest version unless told otherwise, and no unknown one', async () => {
  const pool = await readSchemaPool();
  expect(pool.api()?.version).toBe(pool.versions.at(-1));
  expect(pool.api('1.7')).toBeUndefined();
  expect(pool.api('latest')).toBeUndefined();
});

it('says so when the data is missing or damaged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pool-'));
  const file = join(folder, 'pool.jsonl.br');
  await expect(readSchemaPool(file)).rejects.toMatchObject({ code: 'data-missing' });
  await writeFile(file, brotliCompressSync('{"schemas": 1}'));
  await expect(readSchemaPool(file)).rejects.toMatchObject({ code: 'data-missing' });
  await rm(folder, { recursive: true });
});
