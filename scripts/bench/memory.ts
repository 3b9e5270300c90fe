import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { sha256Hex } from '../../src/core/digest.ts';
import { systems } from '../../test/systems/bed.ts';
import { createBucket, openStore } from '../../test/systems/buckets.ts';
import { createDatabase } from '../../test/systems/postgres.ts';
import { clientEnvironment } from './client-environment.ts';
import { ordersTable } from './orders.ts';
import { peakOf } from './peak.ts';
import type { Row } from './row.ts';

const mebibyte = 1024 * 1024;
/** Bytes that may be resident, whatever the size of what is backed up. */
const allowed = 256 * mebibyte;
const large = 5 * 1024 * mebibyte;
const many = 100_000;
/** Two gigabytes of dump, where a row takes about 215 bytes. */
const tableRows = 10_000_000;

/** How much memory the program takes with one large object, with many, and with a large database. */
export async function ofMemory(home: string): Promise<Row[]> {
  await using stack = new AsyncDisposableStack();
  const bed = await systems('minio', 'postgres');
  if (!bed) throw new Error('the test bed did not start');
  const url = bed('DEPLOYCHECK_TEST_S3');
  const tools = bed('DEPLOYCHECK_TEST_POSTGRES_TOOLS');
  const s3 = new URL(url);
  const folder = join(home, 'memory');
  await mkdir(folder);
  const program = (env: Readonly<Record<string, string>>) => async (environment: string) => {
    const run = (...words: string[]) => {
      const place = ['--env', environment, '--repository', `file:${environment}`, '--quiet'];
      return peakOf(folder, env, [...words, ...place]);
    };
    const rows: Row[] = [];
    for (const words of [
      ['backup', 'create'],
      ['backup', 'create'],
      ['backup', 'verify', 'last'],
      ['backup', 'rehearse'],
    ]) {
      const { bytes, seconds } = await run(...words);
      const again = rows.length === 1 ? ', once more' : '';
      rows.push({
        what: `\`deploycheck ${words.join(' ')}\`${again}, ${described[environment]}`,
        against: '256 MiB resident at most',
        ratio: bytes / allowed,
        goal: 1,
        detail: `${Math.round(bytes / mebibyte)} MiB, ${seconds.toFixed(1)} s`,
      });
    }
    await rm(join(folder, environment), { recursive: true });
    return rows;
  };

  const [one, few] = [
    stack.use(await createBucket(url, 'bench-large')),
    stack.use(await createBucket(url, 'bench-many')),
  ];
  const database = stack.use(
    await createDatabase(bed('DEPLOYCHECK_TEST_POSTGRES'), 'bench_memory'),
  );
  await writeFile(join(folder, 'deploycheck.yaml'), configuration(s3.origin, one.name, few.name));
  const rowsOf = program({
    AWS_ACCESS_KEY_ID: s3.username,
    AWS_SECRET_ACCESS_KEY: s3.password,
    DB: database.url,
    PATH: `${tools}:${process.env.PATH}`,
  });
  const rows: Row[] = [];
  await fillLarge(url, one.name);
  rows.push(...(await rowsOf('large')));
  await fillMany(url, few.name);
  rows.push(...(await rowsOf('many')));
  await execa(join(tools, 'psql'), ['--quiet', '--command', ordersTable(tableRows)], {
    env: clientEnvironment(database.url),
  });
  rows.push(...(await rowsOf('database')));
  return rows;
}

const described: Readonly<Record<string, string>> = {
  large: 'one object of 5 GiB',
  many: '100,000 objects of 1 KiB',
  database: `a database of ${tableRows} rows, whose dump has 2 GB`,
};

const configuration = (endpoint: string, large: string, many: string): string => `version: 1
environments:
  large: { buckets: [large] }
  many: { buckets: [many] }
  database: { database: main }
databases:
  main: { url: "env:DB" }
buckets:
  large: { endpoint: "${endpoint}", bucket: ${large} }
  many: { endpoint: "${endpoint}", bucket: ${many} }
`;

const { signal } = new AbortController();

/** Every mebibyte is another one. */
async function fillLarge(url: string, bucket: string): Promise<void> {
  const store = await openStore(url);
  const hash = createHash('sha256');
  for (const piece of pieces()) hash.update(piece);
  const known = { size: large, sha256: hash.digest('hex') };
  await store.put(bucket, 'large', Readable.from(pieces()), known, signal);
  store.close();
}

function* pieces(): Generator<Buffer> {
  for (let at = 0; at < large; at += mebibyte) yield Buffer.alloc(mebibyte, `${at} `);
}

async function fillMany(url: string, bucket: string): Promise<void> {
  const store = await openStore(url);
  let next = 0;
  const lane = async () => {
    while (next < many) {
      const number = next++;
      const content = Buffer.alloc(1024, `${number} `);
      const known = { size: content.length, sha256: sha256Hex(content) };
      const key = `folder-${number % 100}/${number}`;
      await store.put(bucket, key, Readable.from([content]), known, signal);
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  store.close();
}
