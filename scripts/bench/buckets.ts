import { createWriteStream, rmSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { sha256Hex } from '../../src/core/digest.ts';
import { packageFile } from '../../src/core/package-root.ts';
import { systems } from '../../test/systems/bed.ts';
import { createBucket, openStore } from '../../test/systems/buckets.ts';
import { binaryFolder } from '../testbed/binaries.ts';
import { compare, type Row, timed } from './row.ts';

const rounds = 3;
const mebibyte = 1024 * 1024;
const small = { count: 5000, bytes: 4096 };
const large = { count: 8, bytes: 64 * mebibyte };

/** Backup of a bucket into a folder beside mc alone. */
export async function ofBuckets(home: string): Promise<Row[]> {
  await using stack = new AsyncDisposableStack();
  const bed = await systems('minio');
  if (!bed) throw new Error('the test bed did not start');
  const url = bed('DEPLOYCHECK_TEST_S3');
  const bucket = stack.use(await createBucket(url, 'bench'));
  await fill(url, bucket.name);
  const mc = await clientOf(home, url);
  const rclone = rcloneOf(url);

  const folder = join(home, 'buckets');
  await mkdir(folder);
  const s3 = new URL(url);
  await writeFile(join(folder, 'deploycheck.yaml'), configuration(s3.origin, bucket.name));
  const env = { AWS_ACCESS_KEY_ID: s3.username, AWS_SECRET_ACCESS_KEY: s3.password };
  const deploycheck = (...args: string[]) =>
    execa(process.execPath, [packageFile('bin/run.js'), ...args, '--quiet'], { cwd: folder, env });
  const create = async () => {
    for (const name of ['repository', '.deploycheck/object-index']) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
    return timed(() => deploycheck('backup', 'create', '--repository', 'file:repository'));
  };
  const objectsText = `${small.count} objects of 4 KiB and ${large.count} of 64 MiB`;

  return [
    await compare({
      what: '`deploycheck backup create`, a bucket',
      against: '`mc mirror` into a folder',
      ...{ goal: 1, on: objectsText, rounds },
      ours: create,
      async theirs() {
        const target = join(home, 'mirror');
        await rm(target, { recursive: true, force: true });
        return timed(() => mc('mirror', '--quiet', `bench/${bucket.name}`, target));
      },
    }),
    await compare({
      what: '`deploycheck backup create`, a bucket',
      against: '`rclone copy` into a folder, 8 transfers',
      ...{ goal: 1.5, on: objectsText, rounds },
      ours: create,
      async theirs() {
        const target = join(home, 'rclone');
        await rm(target, { recursive: true, force: true });
        return timed(() => rclone('copy', '--transfers=8', `bench:${bucket.name}`, target));
      },
    }),
    await compare({
      what: 'the same once more, when nothing has changed',
      against: '`mc ls --recursive`',
      ...{ goal: 1.5, on: `${objectsText}; the start of the process is in it`, rounds },
      ours: () => timed(() => deploycheck('backup', 'create', '--repository', 'file:repository')),
      theirs: () => timed(() => mc('ls', '--recursive', `bench/${bucket.name}`)),
    }),
  ];
}

const configuration = (endpoint: string, bucket: string): string => `version: 1
environments:
  bucket: { buckets: [files] }
buckets:
  files: { endpoint: "${endpoint}", bucket: ${bucket} }
`;

async function fill(url: string, bucket: string): Promise<void> {
  const store = await openStore(url);
  const { signal } = new AbortController();
  for (let number = 0; number < small.count + large.count; number++) {
    const { bytes } = number < small.count ? small : large;
    const content = Buffer.alloc(bytes, `${number} `);
    const known = { size: content.length, sha256: sha256Hex(content) };
    const key = `folder-${number % 20}/${number}`;
    await store.put(bucket, key, Readable.from([content]), known, signal);
  }
  store.close();
}

/** mc with a configuration of its own, so that no credentials are in a command. */
async function clientOf(home: string, url: string) {
  const program = join(await binaryFolder('mc', (line) => process.stderr.write(`${line}\n`)), 'mc');
  const { origin, username, password } = new URL(url);
  const folder = join(home, 'mc');
  await mkdir(folder);
  const alias = {
    url: origin,
    accessKey: username,
    secretKey: password,
    api: 'S3v4',
    path: 'auto',
  };
  const text = JSON.stringify({ version: '10', aliases: { bench: alias } });
  await pipeline(
    Readable.from([text]),
    createWriteStream(join(folder, 'config.json'), { mode: 0o600 }),
  );
  return (...args: string[]) => execa(program, ['--config-dir', folder, ...args]);
}

/** rclone, of the Debian package of that name. It reads credentials from its environment. */
function rcloneOf(url: string) {
  const { origin, username, password } = new URL(url);
  const env = {
    RCLONE_CONFIG: '/dev/null',
    RCLONE_CONFIG_BENCH_TYPE: 's3',
    RCLONE_CONFIG_BENCH_PROVIDER: 'Minio',
    RCLONE_CONFIG_BENCH_ENDPOINT: origin,
    RCLONE_CONFIG_BENCH_ACCESS_KEY_ID: username,
    RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY: password,
  };
  // With a CA bundle of the AWS variables it does not start at all.
  const own = { ...env, PATH: process.env.PATH ?? '' };
  return (...args: string[]) => execa('rclone', args, { env: own, extendEnv: false });
}
