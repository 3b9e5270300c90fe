import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { execa } from 'execa';
import { packageFile } from '../../src/core/package-root.ts';
import { peakOf } from './peak.ts';
import { measure } from './process.ts';
import { compare, median, type Row } from './row.ts';

const mebibyte = 1024 * 1024;
const layers = 10;
/** Bytes of the image, unpacked. */
const whole = 1024 * mebibyte;
const rounds = 5;

/** Reading an image of a gibibyte, beside inflating its layers and nothing else. */
export async function ofImages(home: string): Promise<Row[]> {
  const folder = join(home, 'images');
  await mkdir(folder);
  const { blobs, packed, files } = await makeImage(folder);
  await writeFile(join(folder, 'plain.yaml'), 'version: 1\nrules: { disable: [image/secret] }\n');
  const on = `${layers} layers of gzip, ${Math.round(packed / mebibyte)} MiB packed, ${whole / mebibyte} MiB and ${files} files unpacked`;
  const validation = ['validate', 'image', 'oci:layout', '--quiet', '--format', 'json'];
  const withoutScan = ['--config', 'plain.yaml'];
  const ours = (...flags: readonly string[]) =>
    measure([packageFile('bin/run.js'), ...validation, ...flags], folder, home).wall;
  const theirs = () =>
    measure([packageFile('scripts/bench/inflate.ts'), ...blobs], folder, home).wall;
  const against = 'inflating the layers with node:zlib on as many threads';
  const rows = [
    await compare({
      ...{ against, on, rounds, goal: 1.25, theirs: async () => theirs() },
      what: '`deploycheck validate image`, all but the search for secrets',
      ours: async () => ours('--no-cache', ...withoutScan),
    }),
    await compare({
      ...{ against, on, rounds, goal: 2, theirs: async () => theirs() },
      what: '`deploycheck validate image`',
      ours: async () => ours('--no-cache'),
    }),
  ];
  const env = { DEPLOYCHECK_HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
  const { bytes } = await peakOf(folder, env, [...validation, '--no-cache'], { mayFind: true });
  rows.push({
    what: 'memory of `deploycheck validate image`',
    against: '300 MiB resident at most',
    ratio: bytes / (300 * mebibyte),
    goal: 1,
    detail: `${Math.round(bytes / mebibyte)} MiB; ${on}`,
  });
  await peakOf(folder, env, [...validation], { mayFind: true });
  const again: number[] = [];
  for (let round = 0; round < rounds; round++) {
    again.push((await peakOf(folder, env, [...validation], { mayFind: true })).seconds);
  }
  rows.push({
    what: '`deploycheck validate image`, a second time',
    against: 'half a second',
    ratio: median(again) / 0.5,
    goal: 1,
    detail: `${median(again).toFixed(2)} s, median of ${rounds}; ${on}`,
  });
  await rm(folder, { recursive: true });
  return rows;
}

/** Programs, libraries, texts and sources of this machine, as an OCI layout. */
async function makeImage(folder: string) {
  const blobs = join(folder, 'layout/blobs/sha256');
  await mkdir(blobs, { recursive: true });
  const files = await chosenFiles();
  const described = [];
  for (let layer = 0; layer < layers; layer++) {
    const names = files.filter((_, at) => at % layers === layer);
    const list = join(folder, 'names');
    await writeFile(list, names.join('\n'));
    const path = join(blobs, `layer-${layer}`);
    const tar = execa('tar', ['-C', '/', '-cf', '-', '-T', list], { buffer: false });
    const [content, blob] = [createHash('sha256'), createHash('sha256')];
    await pipeline(
      tar.stdout,
      hashed(content),
      createGzip(),
      hashed(blob),
      createWriteStream(path),
    );
    await tar;
    const name = blob.digest('hex');
    await rename(path, join(blobs, name));
    const { size } = await stat(join(blobs, name));
    described.push({ name, size, diffId: `sha256:${content.digest('hex')}` });
  }
  const json = async (value: unknown, mediaType: string) => {
    const bytes = Buffer.from(JSON.stringify(value));
    const name = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(blobs, name), bytes);
    return { mediaType, digest: `sha256:${name}`, size: bytes.length };
  };
  const type = (name: string) => `application/vnd.oci.image.${name}`;
  const config = await json(
    {
      ...{ architecture: 'amd64', os: 'linux', config: { User: '10001', Cmd: ['/usr/bin/tar'] } },
      rootfs: { type: 'layers', diff_ids: described.map(({ diffId }) => diffId) },
    },
    type('config.v1+json'),
  );
  const manifest = await json(
    {
      ...{ schemaVersion: 2, config },
      layers: described.map(({ name, size }) => {
        return { mediaType: type('layer.v1.tar+gzip'), digest: `sha256:${name}`, size };
      }),
    },
    type('manifest.v1+json'),
  );
  const index = { schemaVersion: 2, manifests: [manifest] };
  await writeFile(join(folder, 'layout/index.json'), JSON.stringify(index));
  await writeFile(join(folder, 'layout/oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  return {
    blobs: described.map(({ name }) => join(blobs, name)),
    packed: described.reduce((sum, { size }) => sum + size, 0),
    files: files.length,
  };
}

function hashed(hash: ReturnType<typeof createHash>): PassThrough {
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => hash.update(chunk));
  return stream;
}

/** Names below the root, of files that have so many bytes together. */
async function chosenFiles(): Promise<string[]> {
  const chosen: string[] = [];
  let size = 0;
  for (const folder of [packageFile('node_modules'), '/usr/share', '/usr/bin', '/usr/lib']) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const info = await stat(file).catch(() => undefined);
      // One large program would make a layer of its own.
      if (!info || info.size > 32 * mebibyte || /[\n\\]/.test(file)) continue;
      if (size + info.size > whole) return chosen;
      size += info.size;
      chosen.push(file.slice(1));
    }
  }
  return chosen;
}
