import { copyFile, cp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixSession, readContents } from '../../../src/backup/database/contents.ts';
import { systems } from '../../systems/bed.ts';
import { type Fixture, fixture } from './fixture.ts';
import { connect, never } from './support.ts';

const bed = await systems('postgres', 'minio');

describe.skipIf(!bed)('a set that was changed', () => {
  let shop: Fixture;
  let first: string;
  let set: string;
  let whole: string;
  let root: string;
  beforeAll(async () => {
    if (!bed) return;
    shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    first = await shop.create();
    await shop.sql('insert into twins values (8)');
    set = await shop.create();
    root = join(shop.bench.folder, 'repository');
    whole = join(shop.bench.folder, 'whole');
    await cp(root, whole, { recursive: true });
  });
  afterAll(() => shop?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    await rm(root, { recursive: true, force: true });
    await cp(whole, root, { recursive: true });
  });
  const path = (name: string) => join(root, 'sets', set, name);
  const files = () => readdir(join(whole, 'sets', set), { recursive: true, withFileTypes: true });
  const problems = async () => (await shop.verify(set)).problems.map((entry) => entry.path);

  it('is found changed in whichever file a bit is flipped, at its start, middle and end', async () => {
    const names = (await files()).filter((entry) => entry.isFile());
    expect(names).toHaveLength(10);
    for (const { parentPath, name } of names) {
      const file = join(parentPath, name).replace(whole, root);
      const bytes = await readFile(file);
      for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
        const copy = Buffer.from(bytes);
        copy[at] = (copy[at] ?? 0) ^ 1;
        await writeFile(file, copy);
        expect(await shop.verify(set), `${name} at ${at}`).toMatchObject({ verdict: 'bad' });
      }
      await writeFile(file, bytes);
    }
    expect(await shop.verify(set)).toMatchObject({ verdict: 'good' });
  });

  it('is found cut short, and lacking a file', async () => {
    const dump = path('database.dump.zst');
    await truncate(dump, (await readFile(dump)).length - 1);
    expect(await problems()).toEqual([`sets/${set}/database.dump.zst`]);
    await rm(dump);
    expect(await shop.verify(set)).toMatchObject({
      problems: [{ path: `sets/${set}/database.dump.zst`, problem: 'it is missing' }],
    });
  });

  it('is found holding the file of another set, or one too many', async () => {
    const other = join(root, 'sets', first, 'database.dump.zst');
    await copyFile(other, path('database.dump.zst'));
    await writeFile(path('extra'), 'x');
    expect(await problems()).toEqual([`sets/${set}/database.dump.zst`, `sets/${set}/extra`]);
  });

  it('is found lacking an object, or holding another one', async () => {
    const objects = (await readdir(join(root, 'objects'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    await rm(objects[0] ?? '');
    await writeFile(objects[1] ?? '', 'other');
    expect((await problems()).sort()).toEqual(
      objects.slice(0, 2).map((file) => file.slice(root.length + 1)),
    );
    expect(await shop.rehearse(set)).toMatchObject({ verdict: 'bad', damage: [{}, {}] });
  });

  it('is no set without its manifest, and the one before is the last', async () => {
    await rm(path('manifest.json'));
    await expect(shop.verify(set)).rejects.toMatchObject({ code: 'set-missing' });
    expect((await shop.verify('last')).set).toBe(first);
  });

  it('is found to have the manifest of another set, or one that cannot be read', async () => {
    await copyFile(join(root, 'sets', first, 'manifest.json'), path('manifest.json'));
    expect(await shop.verify(set)).toMatchObject({
      verdict: 'bad',
      manifest: null,
      problems: [{ problem: `it belongs to the set ${first}` }],
    });
    await writeFile(path('manifest.json'), '{"formatVersion": 2}');
    expect(await shop.verify(set)).toMatchObject({ verdict: 'bad', manifest: null });
    const renamed = set.replace(/.{8}$/, '00000000');
    await rename(join(root, 'sets', first), join(root, 'sets', renamed));
    expect(await shop.verify(renamed)).toMatchObject({ verdict: 'bad' });
  });

  it('is not restored from, whatever pg_restore makes of it', async () => {
    const dump = path('database.dump.zst');
    const bytes = await readFile(dump);
    for (const spoilt of [bytes.subarray(0, bytes.length * 0.6), Buffer.concat([bytes, bytes])]) {
      await writeFile(dump, spoilt);
      expect(await shop.rehearse(set)).toMatchObject({
        verdict: 'bad',
        damage: [{ path: `sets/${set}/database.dump.zst` }],
      });
    }
  });

  it('is found to differ from what it says the source held', async () => {
    // What a flip in the dump that nobody hashed would look like: the manifest says something else.
    const manifest = JSON.parse(await readFile(path('manifest.json'), 'utf8'));
    const { contents } = manifest.database;
    const table = contents.tables.find(({ name }: { name: string }) => name === 'shapeless');
    table.fingerprint = '1';
    contents.largeObjects.fingerprint = '1';
    contents.sequences[0].value.value = '1';
    manifest.database.sequencesAfter[0].value.value = '1';
    contents.constraints.notValid = 0;
    await writeFile(path('manifest.json'), JSON.stringify(manifest));
    const { differences, verdict } = await shop.rehearse(set);
    expect([verdict, differences.map(({ what, name }) => `${what} ${name}`.trim())]).toEqual([
      'bad',
      ['table public.shapeless', 'sequence public.Odd.Seq', 'large objects', 'constraints'],
    ]);
  });
});

describe.skipIf(!bed)('a fingerprint', () => {
  it('changes with every column of every row, also where a column is named like the row', async () => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    await using connection = await connect(shop.database.url);

    const odd = '"Sales ""East"" \'q\'"."Odd $name\ntwo"';
    const changes = [
      `update ${odd} set "a ""b""" = 'x' where "select" = 1`,
      `update ${odd} set "ünï" = 'sad' where "select" = 1`,
      `update ${odd} set deploycheck_row_7f3a = 'y' where "select" = 1`,
      `update ${odd} set "a ""b""" = '' where "a ""b""" is null`,
      'update shapeless set n = 1.0 where id = 1',
      "update shapeless set f = '0' where id = 2",
      "update shapeless set c = 'abc' where id = 1",
      `update shapeless set j = '{"a": 2, "a": 1}' where id = 1`,
      "update shapeless set p = '(1,3)' where id = 1",
      'update weighed set n = 1.0 where id = 1',
      "update weighed set f = '0' where id = 1",
      "update weighed set r = '-0' where id = 1",
      "update weighed set i = '1 mon' where id = 1",
      "update weighed set t = '00:00' where id = 1",
      "update weighed set z = '11:00+00' where id = 1",
      `update weighed set j = '{"b": 2, "a": 1}' where id = 1`,
      "update weighed set b = '[1.00]' where id = 1",
      `update weighed set a = '{a,"NULL"}' where id = 1`,
      "update weighed set w = '{1.00}' where id = 1",
      "update weighed set w = '{7}' where id = 2",
      'update weighed set deploycheck_row_7f3a = 1.0 where id = 1',
      `update weighed set "n ""m" = null where id = 1`,
      `update weighed set "n ""m" = '' where id = 2`,
      'update weighed set j = null where id = 2',
      'update numbers set p = 501 where id = 500',
      "update numbers set t = '' where t is null and id = 3",
      "update bytes set b = decode('00', 'hex') where id = 1",
      'update measured set v = 3 where v = 2',
      "update derived set a = 'x'",
      'delete from twins where ctid = (select min(ctid) from twins)',
      'insert into empty_table values (null, null)',
    ];
    for (const change of changes) {
      const differs = connection.transaction(
        {},
        async (transaction) => {
          await fixSession(transaction, 1000, never);
          const before = await readContents(transaction, never);
          await transaction.script('set local search_path to public', never);
          await transaction.script(change, never);
          await transaction.script('set local search_path to pg_catalog', never);
          const after = await readContents(transaction, never);
          throw new Undone(JSON.stringify(before.tables) !== JSON.stringify(after.tables));
        },
        never,
      );
      await expect(differs, change).rejects.toMatchObject({ differs: true });
    }
  });
});

/** Rolls a change back again, with what was seen. */
class Undone extends Error {
  readonly differs: boolean;
  constructor(differs: boolean) {
    super('undone');
    this.differs = differs;
  }
}
