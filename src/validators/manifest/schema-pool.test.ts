import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readSchemaPool } from './schema-pool.ts';

it('holds the kinds a manifest can be written of', async () => {
  const pool = await readSchemaPool();
  const api = pool.api('v1.34.2');
  expect(api?.version).toBe('1.34');
  expect(api?.kinds.get('apps/v1/Deployment')).toEqual({
    schema: 'io.k8s.api.apps.v1.Deployment',
    namespaced: true,
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

it('takes the newest version unless told otherwise, and no unknown one', async () => {
  const pool = await readSchemaPool();
  expect(pool.api()?.version).toBe(pool.versions.at(-1));
  expect(pool.api('1.7')).toBeUndefined();
  expect(pool.api('latest')).toBeUndefined();
});

it('says so when the data is missing or damaged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pool-'));
  const file = join(folder, 'pool.json.br');
  await expect(readSchemaPool(file)).rejects.toMatchObject({ code: 'data-missing' });
  await writeFile(file, brotliCompressSync('{"schemas": 1}'));
  await expect(readSchemaPool(file)).rejects.toMatchObject({ code: 'data-missing' });
  await rm(folder, { recursive: true });
});
