import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { load, writeSaved } from '../../../src/validators/image/testing.ts';
import { docker, openAt } from '../../adapters/docker/setup.ts';
import { systems } from '../../systems/bed.ts';
import { exported, type Listing, listed } from './export.ts';
import {
  file,
  folder,
  gnuName,
  hardlink,
  marker,
  type RawEntry,
  rawTar,
  symlink,
} from './raw-tar.ts';

const bed = await systems('engine', 'registry');
const host = bed?.('DOCKER_HOST') ?? '';
const { signal } = new AbortController();

const capability = Buffer.from('0100000200040000000000000000000000000000', 'hex');
const long = `${'a-name-of-many-parts/'.repeat(12)}end`;

/** The layers of an image each, from the lowest up. */
const nasty: Readonly<Record<string, readonly (readonly RawEntry[] | Buffer)[]>> = {
  'files and folders that are deleted': [
    [folder('d'), file('d/a'), file('d/b'), folder('gone'), file('gone/x'), file('f')],
    [marker('d/.wh.a'), marker('.wh.gone'), marker('.wh.f')],
  ],
  'a folder that is opaque, with new files before and behind the marker': [
    [folder('d'), file('d/old'), folder('d/sub'), file('d/sub/old')],
    [folder('d'), file('d/first'), marker('d/.wh..wh..opq'), file('d/last')],
  ],
  'a folder that becomes a file, and one that becomes a link': [
    [folder('a'), file('a/x'), folder('b'), file('b/x'), folder('c')],
    [file('a'), symlink('b', 'c')],
  ],
  'a file and a link that become folders': [
    [file('a'), folder('to'), file('to/kept'), symlink('b', 'to')],
    [folder('a'), file('a/x'), folder('b'), file('b/x')],
  ],
  'a file below the link of a lower layer': [
    [folder('usr'), folder('usr/lib'), file('usr/lib/old'), symlink('lib', 'usr/lib')],
    [file('lib/new')],
  ],
  'a file below a link of the same layer': [
    [folder('usr'), folder('usr/lib'), symlink('lib', 'usr/lib'), file('lib/new')],
  ],
  'a link that leads out of the root, with a file below it': [
    [symlink('out', '../../..'), file('out/inside'), symlink('abs', '/'), file('abs/too')],
  ],
  'hard links, of which the last says mode and owner': [
    [
      file('a', { mode: 0o755 }),
      hardlink('b', 'a', { mode: 0o4711, uid: 7, gid: 8 }),
      file('c', { mode: 0o600 }),
      hardlink('d', 'c', { mode: 0o600 }),
    ],
    [marker('.wh.c'), file('b', { mode: 0o644 })],
  ],
  'a hard link to a link': [[symlink('a', 'nowhere'), hardlink('b', 'a', { mode: 0o777 })]],
  'names of POSIX and GNU archives that are long': [
    [
      { ...file('short'), pax: { path: long } },
      gnuName('L', `gnu/${long}`),
      file('short-too'),
      gnuName('K', `/${long}`),
      symlink('to-long', 'cut'),
      { ...symlink('to-pax', 'cut'), pax: { linkpath: long } },
    ],
  ],
  'names with spaces, quotes and letters of other alphabets': [
    [
      file('a b'),
      file("it's"),
      file('größe'),
      file('名前'),
      file('tab\there'),
      file('back\\slash'),
    ],
  ],
  'modes of all kinds and large owners': [
    [
      folder('tmp', { mode: 0o1777 }),
      folder('group', { mode: 0o2775, gid: 50 }),
      file('setuid', { mode: 0o4755 }),
      file('setgid', { mode: 0o2755 }),
      file('nothing', { mode: 0 }),
      file('base-256', { uid: 3_000_000, gid: 4_000_000 }),
      { ...file('pax-owner'), pax: { uid: '2500000', gid: '2600000' } },
    ],
  ],
  'devices, a pipe, and file capabilities': [
    [
      { name: 'null', flag: '3', device: [1, 3], mode: 0o666 },
      { name: 'disk', flag: '4', device: [7, 0], mode: 0o660, gid: 6 },
      { name: 'pipe', flag: '6', mode: 0o600 },
      { ...file('ping', { mode: 0o755 }), pax: { 'SCHILY.xattr.security.capability': capability } },
    ],
  ],
  'what aufs left behind': [
    [folder('.wh..wh.plnk'), file('.wh..wh.plnk/1.2'), marker('.wh..wh.aufs'), file('seen')],
  ],
  'a folder whose mode and owner a later layer changes': [
    [folder('d', { mode: 0o700 }), file('d/x')],
    [folder('d', { mode: 0o755, uid: 10, gid: 20 })],
    [folder('./d/', { mode: 0o2750 })],
  ],
  'loops, and links to nothing': [
    [symlink('a', 'b'), symlink('b', 'a'), symlink('self', 'self'), symlink('none', '/no/such')],
    [marker('.wh.b')],
  ],
  'a deleted folder that a still later layer makes anew': [
    [folder('d'), file('d/old')],
    [marker('.wh.d')],
    [folder('d', { mode: 0o711 }), file('d/new')],
  ],
};

/** An archive with holes in a file, by GNU tar. */
async function sparse(at: string, ...format: readonly string[]): Promise<Buffer> {
  const holes = join(at, 'holes');
  await writeFile(holes, '');
  await truncate(holes, 5 * 1024 * 1024);
  await using handle = await open(holes, 'r+');
  await handle.write(randomBytes(12_288), 0, 12_288, 1_228_800);
  return execFileSync('tar', ['--sparse', ...format, '-cf', '-', '-C', at, 'holes']);
}

describe.skipIf(!bed)('the file system of an image is that of its containers:', () => {
  const compare = async (layers: readonly (readonly RawEntry[] | Buffer)[]) => {
    const root = await mkdtemp(join(tmpdir(), 'deploycheck-export-'));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    const name = `tests/nasty-${crypto.randomUUID().slice(0, 8)}:1`;
    const archives = layers.map((layer) => (Buffer.isBuffer(layer) ? layer : rawTar(layer)));
    const saved = writeSaved({ config: { Cmd: ['/none'] }, layers: archives }, [name]);
    const engine = await openAt(host);
    expect(await engine.loadImage(Readable.from([saved]), signal)).not.toEqual([]);
    onTestFinished(() => void docker(host, 'rmi', name));
    await writeFile(join(root, 'saved.tar'), saved);
    const image = await load('saved.tar', { root });
    expect(image.damage).toEqual([]);
    expect(listed(image)).toEqual(withoutImplied(await exported(host, name), listed(image)));
    return image;
  };

  it.each(Object.entries(nasty))('%s', async (_, layers) => {
    const image = await compare(layers);
    const capable = [...image.filesystem.nodes()].filter(({ entry }) => entry.capability);
    expect(capable.map(({ path }) => path)).toEqual(
      JSON.stringify(layers).includes('security.capability') ? ['ping'] : [],
    );
  });

  it.each([
    ['POSIX 0.0', ['--format=pax', '--sparse-version=0.0']],
    ['POSIX 0.1', ['--format=pax', '--sparse-version=0.1']],
    ['POSIX 1.0', ['--format=pax', '--sparse-version=1.0']],
  ])('a file with holes, in the format %s', async (_, format) => {
    const root = await mkdtemp(join(tmpdir(), 'deploycheck-sparse-'));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    await compare([await sparse(root, ...format)]);
  });
});

/** Folders that no layer has an entry for are made by the engine, with a mode of its own. */
function withoutImplied(real: Listing, ours: Listing): Listing {
  const implied = (path: string) =>
    !(path in ours) && Object.keys(real).some((one) => one.startsWith(`${path}/`) && one in ours);
  return Object.fromEntries(Object.entries(real).filter(([path]) => !implied(path)));
}
