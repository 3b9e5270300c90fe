import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binaryFolder } from '../../../scripts/testbed/binaries.ts';
import { readSums } from '../../../src/backup/bucket/listing.ts';
import { createSet } from '../../../src/backup/create.ts';
import { decrypting, encrypting } from '../../../src/backup/encryption/payload.ts';
import { readIdentity, readRecipient } from '../../../src/backup/encryption/x25519.ts';
import { rehearseSet } from '../../../src/backup/rehearse.ts';
import { fileAt } from '../../../src/backup/set/manifest.ts';
import { keepReport, withoutNames } from '../../../src/backup/set/reports.ts';
import { namedSet } from '../../../src/backup/set/sets.ts';
import { openRepository, type RepositoryRef } from '../../../src/backup/sources.ts';
import { verifySet } from '../../../src/backup/verify.ts';
import { systems } from '../../systems/bed.ts';
import { hasTool } from '../../systems/tools.ts';
import { databasesOf, type Fixture, fixture, putObject } from './fixture.ts';
import { never, newKeyPair, sourceOf } from './support.ts';

const bed = await systems('postgres', 'minio');
const age = join(await binaryFolder('age', (line) => process.stderr.write(`${line}\n`)), 'age');

describe('files of age', () => {
  let folder: string;
  const { identity, recipient } = newKeyPair();
  const keyFile = () => join(folder, 'key.txt');
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deploycheck-age-'));
    await writeFile(keyFile(), `${identity}\n`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const chunk = 64 * 1024;
  // A byte of a file of age is a line feed as often as any other.
  const asItIs = { encoding: 'buffer', stripFinalNewline: false } as const;
  it.each([0, 1, chunk - 1, chunk, chunk + 1, 40 * chunk])(
    'of %i bytes are the same to us and to the reference implementation',
    async (size) => {
      const content = Buffer.alloc(size, `${size} `);
      const [to, ours] = [readRecipient(recipient), readIdentity(identity)];
      if (!to || !ours) throw new Error('no keys');

      const encrypt = encrypting([to]);
      encrypt.end(content);
      const input = Buffer.concat(await encrypt.toArray());
      const decrypted = await execa(age, ['--decrypt', '--identity', keyFile()], {
        ...{ ...asItIs, input, maxBuffer: 2 * size + 1000 },
      });
      expect(Buffer.from(decrypted.stdout).equals(content)).toBe(true);

      const theirs = await execa(age, ['--recipient', recipient], {
        ...{ ...asItIs, input: content, maxBuffer: 2 * size + 1000 },
      });
      const decrypt = decrypting([ours], () => new Error('not ours'));
      decrypt.end(Buffer.from(theirs.stdout));
      expect(Buffer.concat(await decrypt.toArray()).equals(content)).toBe(true);
    },
  );
});

describe.skipIf(!bed)('an encrypted set', () => {
  let shop: Fixture;
  let set: string;
  let root: string;
  beforeAll(async () => {
    if (!bed) return;
    shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder', { encrypted: true });
    set = await shop.create();
    root = join(shop.bench.folder, 'repository');
  });
  afterAll(() => shop?.[Symbol.asyncDispose]());

  const files = async (below = '') =>
    (await readdir(join(root, below), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort();
  const rehearseWith = (identity: string | undefined) =>
    shop.bench.run(async (systems) => {
      const home = await openRepository({ ...shop.place, identity }, systems);
      const opened = await namedSet(home, set, never);
      if (!opened.manifest) throw new Error(opened.problem);
      return rehearseSet(opened, shop.stage, home, systems);
    });
  const verifyWithout = () =>
    shop.bench.run(async (systems) => {
      const home = await openRepository({ url: shop.place.url }, systems);
      return verifySet(await namedSet(home, set, never), home, systems);
    });

  it('tells nobody what is in it', async () => {
    // Names of tables, roles and extensions, keys, rows, and the digests of contents.
    const digests = ['%PDF 1', '%PDF 2', ''].map((content) =>
      createHash('sha256').update(content).digest('hex'),
    );
    const telling = ['numbers', 'shapeless', 'invoice_key', 'invoices/', shop.role, ...digests];
    for (const file of await files()) {
      const bytes = await readFile(file);
      // What is compressed and not encrypted is looked through, too.
      const plain = file.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes;
      for (const text of telling) {
        expect(plain.includes(text) || file.includes(text), `${text} in ${file}`).toBe(false);
      }
    }
  });

  it('is read whole without a key as far as its stored bytes go, and with one beyond', async () => {
    expect(await verifyWithout()).toMatchObject({ verdict: 'good', opened: false, files: 9 });
    const opened = await shop.verify(set);
    expect(opened).toMatchObject({ verdict: 'good', opened: true });
    expect((await verifyWithout()).objects).toBe(opened.objects);
  });

  it('is found changed without a key, whichever byte it is', async () => {
    for (const file of await files(`sets/${set}`)) {
      const bytes = await readFile(file);
      const copy = Buffer.from(bytes);
      copy[bytes.length >> 1] = (copy[bytes.length >> 1] ?? 0) ^ 1;
      await writeFile(file, copy);
      expect(await verifyWithout(), file).toMatchObject({ verdict: 'bad' });
      await writeFile(file, bytes);
    }
    const [object = ''] = await files('objects');
    const bytes = await readFile(object);
    await writeFile(object, Buffer.concat([bytes, Buffer.from('x')]));
    expect(await verifyWithout()).toMatchObject({
      problems: [{ path: object.slice(root.length + 1) }],
    });
    await rm(object);
    expect(await verifyWithout()).toMatchObject({ problems: [{ problem: 'it is missing' }] });
    await writeFile(object, bytes);
    expect(await verifyWithout()).toMatchObject({ verdict: 'good' });
  });

  it('is damaged, not locked, where its header was changed', async () => {
    const dump = join(root, 'sets', set, 'database.dump.zst.age');
    const bytes = await readFile(dump);
    const copy = Buffer.from(bytes);
    // The first letter of the share: no identity opens that any more.
    copy[32] = copy[32] === 65 ? 66 : 65;
    await writeFile(dump, copy);
    expect(await shop.rehearse(set)).toMatchObject({
      verdict: 'bad',
      damage: [{ path: `sets/${set}/database.dump.zst.age` }],
    });
    await writeFile(dump, bytes);
  });

  it('is found cut at the end of a chunk, before pg_restore has seen its end', async () => {
    const dump = join(root, 'sets', set, 'buckets/1-invoices.jsonl.zst.age');
    const bytes = await readFile(dump);
    await truncate(dump, bytes.indexOf('\n--- ') + 5 + 43 + 1 + 16);
    expect(await shop.rehearse(set)).toMatchObject({ verdict: 'bad', damage: [{}] });
    await writeFile(dump, bytes);
  });

  it('is not opened by another key, nor without one, and nothing is made of it', async () => {
    const other = newKeyPair();
    const file = join(shop.bench.folder, 'other.txt');
    await writeFile(file, other.identity);
    await expect(rehearseWith(file)).rejects.toMatchObject({
      code: 'identity-wrong',
      message: expect.stringMatching(
        new RegExp(`${set}: .*${other.recipient}.* encrypted to ${shop.keys.recipient}$`),
      ),
    });
    await expect(rehearseWith(undefined)).rejects.toMatchObject({
      code: 'identity-missing',
      message: expect.stringContaining(shop.keys.recipient),
    });
    expect(await databasesOf(shop)).toEqual([]);
  });

  it('does not store again what is there, with public keys alone', async () => {
    const before = await files('objects');
    const { identity: _, ...publicOnly } = shop.place;
    const create = (place: RepositoryRef) =>
      shop.bench.run((systems) => createSet(sourceOf(shop.buckets), place, systems));
    const again = await create(publicOnly);
    expect(await files('objects')).toEqual(before);
    await putObject(shop.store, shop.bucket.name, { key: 'one more', content: Buffer.from('new') });
    await create(publicOnly);
    expect(await files('objects')).toHaveLength(before.length + 1);
    // To others it is another object: they could not read the one that is there.
    const recipients = [shop.keys.recipient, newKeyPair().recipient];
    const { manifest } = await create({ ...publicOnly, encryption: { recipients } });
    expect(await files('objects')).toHaveLength(2 * before.length + 2);
    expect(await shop.verify(manifest.set)).toMatchObject({ verdict: 'good' });
    expect(await shop.verify(again.manifest.set)).toMatchObject({ verdict: 'good' });
  });

  it('names its objects to whoever counts them, without a key', async () => {
    const keys = await shop.open(set, async ({ manifest }, home) => {
      const [bucket] = manifest?.buckets ?? [];
      if (!manifest || !bucket) throw new Error('no bucket');
      const { identities: _, ...closed } = home;
      const found: string[] = [];
      const sums = readSums(closed, set, fileAt(manifest, bucket.sums), never);
      for await (const key of sums) found.push(key);
      return found;
    });
    expect(keys).toHaveLength(7);
    const stored = (await files('objects')).map((file) => file.slice(root.length + 1));
    expect(stored).toEqual(expect.arrayContaining(keys));
  });

  it('keeps what a rehearsal saw without names beside it', async () => {
    const seen = await shop.rehearse(set);
    const bad = withoutNames({
      ...seen,
      verdict: 'bad',
      differences: [{ what: 'table', name: 'public.numbers', expected: '1 row', found: '2 rows' }],
      lacking: [{ what: 'role somebody', why: 'it owns numbers' }],
    });
    await shop.open(set, (_, home) => keepReport(home, 'rehearsals', bad, never));
    const [file = ''] = await files('rehearsals');
    expect(await readFile(file, 'utf8')).not.toMatch(/numbers|somebody|rows/);
    await rm(file);
  });

  it.skipIf(!hasTool('grep'))('leaves no content in temporary files', async () => {
    const { stdout } = await execa('grep', ['-rlF', '-e', '%PDF 1', shop.bench.folder], {
      reject: false,
    });
    expect(stdout).toBe('');
  });
});
