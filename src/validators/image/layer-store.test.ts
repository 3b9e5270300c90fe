import { copyFile, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LayerStore, openLayerStore } from './layer-store.ts';
import { createLayerCache } from './load.ts';
import {
  blobPath,
  type LayoutSpec,
  load,
  temporaryFolder,
  writeLayout,
  writeSaved,
} from './testing.ts';

const spec: LayoutSpec = {
  config: { User: '10001', Cmd: ['/app/run'] },
  layers: [
    [
      { path: 'app', type: 'directory' },
      { path: 'app/run', mode: 0o755, content: '#!/bin/sh\n' },
    ],
    [{ path: 'app/data', content: 'x'.repeat(3000) }],
  ],
};

/** Counts the layers that came from the store. */
function counting(folder: string, code = 'one', scan = true) {
  const store = openLayerStore({ folder, code, scan });
  const counted = { found: 0 };
  const watched: LayerStore = {
    ...store,
    async find(source) {
      const layer = await store.find(source);
      if (layer) counted.found += 1;
      return layer;
    },
  };
  return { store: watched, counted };
}

async function setUp() {
  const root = await temporaryFolder();
  const image = await writeLayout(join(root, 'layout'), spec);
  const cache = join(root, 'cache');
  const read = async (reference: string, code?: string, scan?: boolean) => {
    const { store, counted } = counting(cache, code, scan);
    const seen = await load(reference, { root, store, scanSecrets: scan ?? true });
    return { seen, found: counted.found };
  };
  return { root, image, cache, read };
}

describe('what earlier runs read', () => {
  it('is what a run reads itself', async () => {
    const { root, read } = await setUp();
    const fresh = await load('oci:layout', { root, cache: createLayerCache() });
    expect((await read('oci:layout')).found).toBe(0);
    const again = await read('oci:layout');
    expect(again.found).toBe(2);
    expect(again.seen.layers).toEqual(fresh.layers);
    expect([...again.seen.filesystem.nodes()]).toEqual([...fresh.filesystem.nodes()]);
  });

  it('counts for the same layer in another place and another form', async () => {
    const { root, read } = await setUp();
    await read('oci:layout');
    await writeLayout(join(root, 'plain'), { ...spec, codec: 'plain' });
    await writeLayout(join(root, 'copy'), spec);
    await writeFile(join(root, 'saved.tar'), writeSaved(spec));
    for (const reference of ['plain', 'copy', 'saved.tar']) {
      expect({ reference, found: (await read(reference)).found }).toEqual({ reference, found: 2 });
    }
  });

  it('is not taken for a layer that was packed anew, whose digest nobody has tied to it', async () => {
    const { root, read } = await setUp();
    await read('oci:layout');
    await writeLayout(join(root, 'zstd'), { ...spec, codec: 'zstd' });
    expect((await read('zstd')).found).toBe(0);
    expect((await read('zstd')).found).toBe(2);
  });

  it('is not taken by other code, nor by one that searches for something else', async () => {
    const { read } = await setUp();
    await read('oci:layout');
    expect((await read('oci:layout', 'two')).found).toBe(0);
    const without = await read('oci:layout', 'one', false);
    expect(without.found).toBe(0);
    expect(without.seen.layers[0]?.scanned).toBe(false);
  });

  it('says nothing of bytes that changed, whatever their file is called', async () => {
    const { root, image, read } = await setUp();
    await read('oci:layout');
    const file = blobPath(join(root, 'layout'), image.layers[0] ?? '');
    const long = new Date('2026-01-01');
    await utimes(file, long, long);
    await read('oci:layout');
    const bytes = await readFile(file);
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await utimes(file, long, long);
    const { seen, found } = await read('oci:layout');
    expect(found).toBe(1);
    expect(seen.damage).toMatchObject([{ part: 'layer', blob: image.layers[0] }]);
  });

  it('does not tie a digest to a content that was claimed and is not its', async () => {
    const { root, read } = await setUp();
    await read('oci:layout');
    const other = await writeLayout(join(root, 'other'), {
      ...spec,
      layers: [[{ path: 'evil', content: 'evil' }], spec.layers[1] ?? []],
      diffIds: (await read('oci:layout')).seen.config?.diffIds ?? [],
    });
    const { seen, found } = await read('other');
    expect(found).toBe(1);
    expect(seen.damage).toMatchObject([{ kind: 'diff-id', blob: other.layers[0] }]);
    expect((await read('other')).found).toBe(1);
  });

  it('is read again where it was damaged on disk', async () => {
    const { read, cache } = await setUp();
    const { seen } = await read('oci:layout');
    const names = await readdir(cache);
    const [one = '', two = ''] = names.filter((name) => name.startsWith('layer-'));
    await copyFile(join(cache, one), join(cache, two));
    await writeFile(join(cache, one), 'no layer');
    const again = await read('oci:layout');
    expect(again.found).toBe(0);
    expect(again.seen.layers).toEqual(seen.layers);
  });
});
