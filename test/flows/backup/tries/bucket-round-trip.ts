import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'minio';
import type { OpenScenario, Try } from '../../../../scripts/soak/scenario.ts';
import type { ObjectStore } from '../../../../src/adapters/objects/objects.ts';
import { createSet } from '../../../../src/backup/create.ts';
import { restoreSet } from '../../../../src/backup/restore/restore.ts';
import { type BucketSource, openRepository } from '../../../../src/backup/sources.ts';
import type { Variables } from '../../../systems/bed.ts';
import { createBucket, openStore } from '../../../systems/buckets.ts';
import { type OddObject, putObject } from '../fixture.ts';
import { awsOf, type Bench, bench, never, sourceOf, unique } from '../support.ts';
import { pick } from './spoiling.ts';

const pieces: readonly string[] = [
  'a',
  'A',
  ' ',
  '/',
  '//',
  '.',
  '..',
  '~',
  '+',
  '%20',
  '%',
  '&',
  '?',
  '#',
  '=',
  ':',
  '"',
  "'",
  '<',
  '>',
  '\\',
  '|',
  '^',
  '`',
  '{',
  '}',
  '[',
  ']',
  'ü',
  'u\u0308',
  '🙂',
  '漢',
  '*',
  '!',
  '$',
  '(',
  ')',
  ',',
  ';',
  '@',
];

/** Bytes: around what is kept in memory, and what S3 takes in one piece. */
const sizes = [0, 1, 100, 4096, 65_535, 65_536, 65_537, 1024 * 1024 + 1] as const;
const large = [8 * 1024 * 1024 + 1, 17 * 1024 * 1024] as const;

function keyFrom(random: () => number): string {
  const length = random() < 0.05 ? 200 : 1 + Math.floor(random() * 8);
  const key = Array.from({ length }, () => pick(random, pieces)).join('');
  // MinIO keeps objects as files: these are no names to it.
  const isName = key.split(/[/\\]/).every((part) => part !== '' && !/^\.{1,2}$/.test(part.trim()));
  return isName && Buffer.byteLength(key) <= 200 ? key : `key ${Math.floor(random() * 1e9)}`;
}

function objectFrom(random: () => number): OddObject {
  const size = random() < 0.02 ? pick(random, large) : pick(random, sizes);
  const seed = Math.floor(random() * 1e9);
  const maybe = <T>(value: T): T | undefined => (random() < 0.3 ? value : undefined);
  const options = {
    contentType: maybe(pick(random, ['text/plain; charset="utf-8"', 'image/png', 'x/y'])),
    contentEncoding: maybe(pick(random, ['gzip', 'identity'])),
    contentDisposition: maybe('attachment; filename="a b.txt"'),
    contentLanguage: maybe('de, en'),
    cacheControl: maybe('max-age=60, private'),
    metadata: maybe({ who: pick(random, ['me', 'a b', 'x=y&z', '100%']), 'x-y.z_1': '1' }),
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const content = Buffer.alloc(size, `content ${seed} `);
  return { key: keyFrom(random), content, ...Object.fromEntries(given) };
}

export async function openBucketRoundTrip(bed: Variables): Promise<OpenScenario> {
  await using stack = new AsyncDisposableStack();
  const url = bed('DEPLOYCHECK_TEST_S3');
  const store = await openStore(url);
  stack.defer(() => store.close());
  const at = stack.use(await bench(awsOf(url)));
  const { hostname, port, username, password } = new URL(url);
  const client = new Client({
    ...{ endPoint: hostname, port: Number(port), useSSL: false },
    ...{ accessKey: username, secretKey: password },
  });
  const disposables = stack.move();
  return {
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
    once: (random) => goneRound({ url, store, at, client }, random),
  };
}

interface Tools {
  readonly url: string;
  readonly store: ObjectStore;
  readonly at: Bench;
  readonly client: Client;
}

async function goneRound({ url, store, at, client }: Tools, random: () => number): Promise<Try> {
  await using bucket = await createBucket(url, 'generated');
  const count = Math.floor(random() * 60);
  const keys: string[] = [];
  for (let left = count; left > 0; left -= 1) {
    const object = objectFrom(random);
    // Nor has MinIO a place for an object below another.
    const isBelow = (a: string, b: string) => a.startsWith(`${b}/`);
    if (keys.some((key) => isBelow(key, object.key) || isBelow(object.key, key))) continue;
    keys.push(object.key);
    await putObject(store, bucket.name, object);
    if (random() < 0.2)
      await store.setTags(bucket.name, object.key, { 'a b': 'c=d', e: '' }, never);
  }
  const how = `buckets of ${count < 30 ? 'up to 29' : '30 to 59'} generated objects`;
  const name = unique('round').replace('_', '-');
  const root = join(at.folder, name);
  try {
    const said = await copied(at, `file:${root}`, bucket.name, name);
    if (said !== '') return { how, problem: said };
    const [before, after] = [
      await toldByClient(client, bucket.name),
      await toldByClient(client, name),
    ];
    const other = before.find((line, index) => line !== after[index]);
    const problem =
      before.length === after.length ? (other ?? '') : `${before.length} became ${after.length}`;
    return { how, problem };
  } finally {
    await rm(root, { recursive: true, force: true });
    const objects = await store.list(name, '', never);
    if (objects) {
      await store.removeMany(name, objects, {}, never);
      await store.removeBucket(name, never);
    }
  }
}

/** Backs up and restores. @returns what deploycheck says that differs */
async function copied(at: Bench, url: string, from: string, to: string): Promise<string> {
  const own: BucketSource = {
    ...{ name: 'generated', prefix: '', tags: true, references: [] },
    ref: { endpoint: '', bucket: from },
  };
  const buckets = [{ of: 'generated', place: { endpoint: '' }, name: to }];
  return at.run(async (systems) => {
    const { manifest, digest } = await createSet(sourceOf([own], null), { url }, systems);
    const repository = await openRepository({ url }, systems);
    const target = { database: null, buckets, replace: false };
    const { outcome } = await restoreSet({ manifest, digest }, target, repository, systems);
    return outcome.verdict === 'good' ? '' : JSON.stringify(outcome);
  });
}

/** A line an object, as the client of another project reads it: key, content, headers, metadata, tags. */
async function toldByClient(client: Client, bucket: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { name } of client.listObjectsV2(bucket, '', true)) {
    const { size, metaData } = await client.statObject(bucket, name);
    const hash = createHash('sha256');
    for await (const part of await client.getObject(bucket, name)) hash.update(part);
    const tags = await client.getObjectTagging(bucket, name);
    const all = Object.entries(metaData).sort(([a], [b]) => (a < b ? -1 : 1));
    lines.push(JSON.stringify([name, size, hash.digest('hex'), all, tags]));
  }
  return lines.sort();
}
