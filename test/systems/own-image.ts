import { mkdir, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path';
import { execa } from 'execa';
import { platform } from '../../examples/shop/image/config.ts';
import {
  directoryEntry,
  type Entry,
  fileEntry,
  linkEntry,
  textEntry,
} from '../../examples/shop/image/entries.ts';
import { type LayerPlan, writeLayer } from '../../examples/shop/image/layer.ts';
import { blobsFolder, finishLayout, startLayout } from '../../examples/shop/image/layout.ts';
import { librariesOf } from '../../examples/shop/image/runtime.ts';
import { packageFile } from '../../src/core/package-root.ts';
import { labelsOf, textOf } from './dockerfile.ts';

export interface OwnImage {
  /** An OCI layout. */
  readonly folder: string;
  readonly digest: string;
  /** Bytes of all compressed layers. */
  readonly size: number;
}

/** A fixed moment: the time of the build would give every build another digest. */
const created = '1970-01-01T00:00:00Z';
/** As the base image has it. */
const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const name = { repository: 'registry.example.com/deploycheck', version: '0.0.0' };

/** The programs that `image/Dockerfile` takes from packages, where Debian puts them. */
const clients = ['pg_dump', 'pg_dumpall', 'pg_restore', 'psql'];
const others = ['/usr/bin/env', '/usr/bin/ssh-keygen'];

/**
 * The image of `image/Dockerfile` without an engine and without network: what the Dockerfile takes from its
 * base and from packages comes from this machine; user, entrypoint, labels and what is copied are its own.
 * The deploycheck inside is what `npm pack` ships, installed by npm.
 * @param folder an empty one
 * @param tools where the PostgreSQL client is
 */
export async function assembleOwnImage(folder: string, tools: string): Promise<OwnImage> {
  const dockerfile = await readFile(packageFile('image/Dockerfile'), 'utf8');
  const installed = await install(folder, textOf(dockerfile, 'COPY'));
  const layout = join(folder, 'layout');
  await startLayout(layout);
  const plans = [await programs(tools), system(dockerfile), await shipped(installed)];
  const layers = await Promise.all(plans.map((plan) => writeLayer(blobsFolder(layout), plan)));
  const labels = { VERSION: name.version, REVISION: 'none', SOURCE: 'https://example.com' };
  const config = {
    created,
    ...platform,
    config: {
      User: textOf(dockerfile, 'USER'),
      Env: [path],
      Entrypoint: JSON.parse(textOf(dockerfile, 'ENTRYPOINT')),
      Labels: labelsOf(dockerfile, labels),
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => `sha256:${diffId}`) },
    history: layers.map(({ createdBy }) => ({ created, created_by: createdBy })),
  };
  const digest = await finishLayout(layout, config, layers, name);
  return { folder: layout, digest, size: layers.reduce((sum, { size }) => sum + size, 0) };
}

/** @returns the prefix that npm installed into */
async function install(folder: string, copied: string): Promise<string> {
  const [context, prefix] = [join(folder, 'context'), join(folder, 'installed')];
  await mkdir(context);
  const npm = (cwd: string, ...args: string[]) => execa('npm', [...args, '--silent'], { cwd });
  // The tests run what was built before; packing would build it again.
  await npm(packageFile('.'), 'pack', '--ignore-scripts', '--pack-destination', context);
  const [pattern = ''] = copied.split(' ');
  const files = (await readdir(context)).filter((file) => matchesGlob(file, pattern));
  if (files.length !== 1) throw new Error(`COPY ${copied} takes ${files.length} files`);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--offline'];
  const [tarball = ''] = files.map((file) => join(context, file));
  await npm(context, 'install', '--global', '--prefix', prefix, ...quiet, tarball);
  return prefix;
}

async function programs(tools: string): Promise<LayerPlan> {
  const sources = new Map([
    ['/usr/local/bin/node', await realpath(process.execPath)],
    ...clients.map((client): [string, string] => [`/usr/bin/${client}`, join(tools, client)]),
    ...others.map((program): [string, string] => [program, program]),
  ]);
  const libraries = new Set<string>();
  for (const source of sources.values()) {
    for (const library of await librariesOf(source)) libraries.add(library);
  }
  return {
    createdBy: 'COPY Node.js, the PostgreSQL client, ssh-keygen, env and their libraries',
    entries: [
      ...[...sources].map(([path, source]) => fileEntry(path, source, 0o755)),
      ...[...libraries].map((library) => fileEntry(library, library, 0o755)),
    ],
  };
}

/** The user that the Dockerfile adds. */
function system(dockerfile: string): LayerPlan {
  const [uid = '', gid = ''] = textOf(dockerfile, 'USER').split(':');
  return {
    createdBy: 'COPY passwd, group and nsswitch.conf',
    entries: [
      textEntry('/etc/passwd', `root:x:0:0::/root:/bin/false\ndeploycheck:x:${uid}:${gid}::/:\n`),
      textEntry('/etc/group', `root:x:0:\ndeploycheck:x:${gid}:\n`),
      textEntry('/etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'),
      directoryEntry('/tmp', 0o1777),
    ],
  };
}

/** What npm installed, at the prefix of the base image. */
async function shipped(prefix: string): Promise<LayerPlan> {
  const found = await readdir(prefix, { recursive: true, withFileTypes: true });
  const entries = await Promise.all(
    found
      .filter((entry) => !entry.isDirectory())
      .map(async (entry): Promise<Entry> => {
        const file = join(entry.parentPath, entry.name);
        const path = `/usr/local${file.slice(prefix.length)}`;
        if (entry.isSymbolicLink()) return linkEntry(path, await readlink(file));
        return fileEntry(path, file, (await stat(file)).mode & 0o100 ? 0o755 : 0o644);
      }),
  );
  return { createdBy: 'RUN npm install --global deploycheck', entries };
}
