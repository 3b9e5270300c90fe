import { execFileSync } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../core/digest.ts';
import { examineLayer } from './examine-layer.ts';
import { type Filesystem, mergeLayers } from './filesystem.ts';
import { type Layer, layerLimits } from './layer.ts';
import { type RecipeFile, writeTar } from './recipe.ts';
import { temporaryFolder } from './testing.ts';

async function layerOf(archive: Buffer): Promise<Layer> {
  const digest = sha256(archive);
  const claim = { digest, diffId: digest, size: archive.length };
  const blob = { size: archive.length, open: () => Readable.from([archive]) };
  return examineLayer(claim, blob, { limits: layerLimits });
}

async function merge(...layers: RecipeFile[][]): Promise<Filesystem> {
  return mergeLayers(await Promise.all(layers.map((files) => layerOf(writeTar(files)))));
}

const paths = (filesystem: Filesystem) => [...filesystem.nodes()].map(({ path }) => path).sort();
const layersByPath = (filesystem: Filesystem) =>
  Object.fromEntries([...filesystem.nodes()].map(({ path, layer }) => [path, layer]));
const dir = (path: string): RecipeFile => ({ path, type: 'directory' });
const link = (path: string, linkname: string): RecipeFile => ({ path, type: 'symlink', linkname });
const hard = (path: string, linkname: string): RecipeFile => ({ path, type: 'hardlink', linkname });

describe('whiteouts', () => {
  it('hide a file and a whole folder', async () => {
    const filesystem = await merge(
      [{ path: 'a' }, dir('d'), { path: 'd/b' }, { path: 'd/c' }],
      [{ path: '.wh.a' }, { path: '.wh.d' }],
    );
    expect(paths(filesystem)).toEqual([]);
    expect(filesystem.hidden.map(({ how, by }) => [how, by])).toEqual(
      Array.from({ length: 4 }, () => ['deleted', 1]),
    );
  });

  it.each(['before', 'after'])('hide lower layers only, standing %s the file', async (order) => {
    const upper = [{ path: '.wh.a' }, { path: 'a' }];
    const filesystem = await merge([{ path: 'a' }], order === 'before' ? upper : upper.reverse());
    expect(layersByPath(filesystem)).toEqual({ a: 1 });
  });

  it.each(['before', 'after'])('make a folder opaque, standing %s its files', async (order) => {
    const upper = [dir('d'), { path: 'd/.wh..wh..opq' }, { path: 'd/new' }];
    const filesystem = await merge(
      [dir('d'), { path: 'd/old' }],
      order === 'before' ? upper : upper.reverse(),
    );
    expect(paths(filesystem)).toEqual(['d', 'd/new']);
  });

  it('of what is not there change nothing', async () => {
    const filesystem = await merge([{ path: '.wh.a' }, { path: 'x/.wh..wh..opq' }, { path: 'b' }]);
    expect(paths(filesystem)).toEqual(['b']);
  });

  it('reach through a link of their own layer, and not through one of a lower layer', async () => {
    const lower = [dir('usr/lib'), { path: 'usr/lib/a' }];
    const upper = [{ path: 'lib/.wh.a' }, { path: 'lib/b' }];
    const toLib = link('lib', 'usr/lib');
    expect(paths(await merge(lower, [toLib, ...upper]))).toEqual(['lib', 'usr/lib', 'usr/lib/b']);
    expect(paths(await merge([...lower, toLib], upper))).toEqual(['lib/b', 'usr/lib', 'usr/lib/a']);
  });
});

describe('a changed type', () => {
  it.each([
    ['a file', { path: 'd' }],
    ['a link', link('d', 'elsewhere')],
  ])('hides what was below the folder: %s', async (_, replacement) => {
    const filesystem = await merge([dir('d'), { path: 'd/a' }, dir('elsewhere')], [replacement]);
    expect(paths(filesystem)).toEqual(['d', 'elsewhere']);
    expect(filesystem.hidden).toMatchObject([{ how: 'overwritten' }, { how: 'overwritten' }]);
  });

  it('makes a folder of a file', async () => {
    const filesystem = await merge([{ path: 'd' }], [{ path: 'd/a' }]);
    expect(paths(filesystem)).toEqual(['d/a']);
  });
});

it('a folder named again keeps its files and takes the new mode', async () => {
  const filesystem = await merge([dir('d'), { path: 'd/a' }], [{ ...dir('d'), mode: 0o700 }]);
  expect(paths(filesystem)).toEqual(['d', 'd/a']);
  expect(filesystem.lookup('d')?.entry.mode).toBe(0o700);
});

it('the last of two entries of one name wins, and the first stays in the layer', async () => {
  const filesystem = await merge([
    { path: 'a', content: '1' },
    { path: './a', content: '22' },
  ]);
  expect(filesystem.lookup('a')?.entry.size).toBe(2);
  expect(filesystem.hidden).toMatchObject([{ layer: 0, index: 0, how: 'overwritten' }]);
});

describe('a hard link', () => {
  it('shares the file it names, also one of a lower layer', async () => {
    const filesystem = await merge([{ path: 'a', content: 'abc', mode: 0o644 }], [hard('b', 'a')]);
    const shared = { layer: 0, index: 0, entry: { size: 3, mode: 0o755 } };
    expect(filesystem.lookup('b')).toMatchObject(shared);
    expect(filesystem.lookup('a')?.entry.mode).toBe(0o644);
  });

  it('gives the file its own mode and owner, as engines do', async () => {
    const filesystem = await merge([{ path: 'a' }, { ...hard('b', 'a'), mode: 0o4755, uid: 7 }]);
    for (const path of ['a', 'b']) {
      expect(filesystem.lookup(path)?.entry).toMatchObject({ mode: 0o4755, uid: 7 });
    }
  });

  it('keeps the content alive when the first name goes', async () => {
    const filesystem = await merge([{ path: 'a' }, hard('b', 'a')], [{ path: '.wh.a' }]);
    expect(layersByPath(filesystem)).toEqual({ b: 0 });
  });

  it('to nothing makes no name', async () => {
    expect(paths(await merge([hard('b', 'a')]))).toEqual([]);
  });
});

describe('looking up', () => {
  it('follows links, relative and absolute, and stays inside', async () => {
    const filesystem = await merge([
      { path: 'usr/bin/sh' },
      link('bin', 'usr/bin'),
      link('shell', '/bin/sh'),
      link('out', '../../../../usr/bin/sh'),
    ]);
    for (const path of ['bin/sh', '/shell', 'out', '/../bin/./sh', 'bin/../bin/sh']) {
      expect(filesystem.lookup(path)?.path, path).toBe('usr/bin/sh');
    }
    expect(filesystem.lookup('/nothing')).toBeUndefined();
  });

  it('gives up on a loop', async () => {
    const filesystem = await merge([link('a', 'b'), link('b', 'a')]);
    expect(filesystem.lookup('a')).toBeUndefined();
  });
});

it('takes names that lead out of the root as names inside, and counts them', async () => {
  const layer = await layerOf(writeTar([{ path: '../../etc/passwd' }, { path: '/etc/group' }]));
  expect(paths(mergeLayers([layer]))).toEqual(['etc/group', 'etc/passwd']);
  expect(layer.escapes).toEqual(['../../etc/passwd']);
});

/** What one layer does to one name. */
const action = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd/a', 'd/b', 'd/e/a', 'e/a'),
  kind: fc.constantFrom('file', 'folder', 'link', 'delete'),
});

it('agrees with a real folder that GNU tar unpacked the layers into', {
  timeout: 120_000,
}, async () => {
  const root = await temporaryFolder();
  const run = async (steps: readonly (readonly { name: string; kind: string }[])[]) => {
    const real = join(root, 'real');
    await rm(real, { recursive: true, force: true });
    await mkdir(real);
    const layers: Layer[] = [];
    for (const step of steps) {
      const files: RecipeFile[] = [];
      for (const { name, kind } of step) {
        if (kind === 'file') files.push({ path: name, content: String(files.length) });
        if (kind === 'folder') files.push(dir(name));
        if (kind === 'link') files.push(link(name, '/nowhere'));
        if (kind === 'delete') {
          files.unshift({ path: name.replace(/([^/]+)$/, '.wh.$1') });
          await rm(join(real, name), { recursive: true, force: true }).catch(() => {});
        }
      }
      layers.push(await layerOf(writeTar(files)));
      const seen = files.filter(({ path }) => !path.includes('.wh.'));
      for (const file of seen) unpack(real, file);
    }
    return { merged: paths(mergeLayers(layers)), listed: listing(real) };
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(action, { maxLength: 5 }), { maxLength: 3 }),
      async (steps) => {
        const { merged, listed } = await run(steps);
        // Folders that no layer names exist on disk and are no entries of a layer.
        expect(listed.filter((path) => !path.endsWith('/'))).toEqual(
          merged.filter((path) => !listed.includes(`${path}/`)),
        );
      },
    ),
    { numRuns: 40, seed: 3 },
  );
});

/** What a runtime does: whatever is in the way of an entry gives way. */
function unpack(real: string, file: RecipeFile): void {
  const parent = file.path.includes('/') ? file.path.replace(/\/[^/]+$/, '') : '';
  const script = `
    set -e
    cd "$1"
    path=; for name in $(echo "$2" | tr / ' '); do
      path="$path$name"; [ -d "$path" ] && [ ! -L "$path" ] || rm -f "$path"; mkdir -p "$path"; path="$path/"
    done
    [ "$4" = directory ] && [ -d "$3" ] && [ ! -L "$3" ] || rm -rf "$3"
    tar -xf - --no-same-owner`;
  execFileSync('sh', ['-c', script, 'sh', real, parent, file.path, file.type ?? 'file'], {
    input: writeTar([file]),
  });
}

function listing(real: string): string[] {
  const text = execFileSync('tar', ['-cf', '-', '-C', real, '.']);
  return execFileSync('tar', ['-tf', '-'], { input: text })
    .toString()
    .split('\n')
    .map((line) => line.replace(/^\.\//, ''))
    .filter((line) => line !== '')
    .sort();
}
