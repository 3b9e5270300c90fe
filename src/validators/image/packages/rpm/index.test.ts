import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { packageFile } from '../../../../core/package-root.ts';
import { rpm } from './index.ts';

interface Written {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch?: number;
  /** Bytes that make the header larger than a page. */
  readonly padding?: number;
}

/** A header as rpm keeps it: entries of tag, type, offset and count, then the data. */
function header({ name, version, release, epoch, padding = 0 }: Written): Buffer {
  const texts = [
    [1000, name],
    [1001, version],
    [1002, release],
    [1005, 'x'.repeat(padding)],
  ] as const;
  const entries: (readonly [tag: number, type: number, data: Buffer])[] = texts.map(
    ([tag, text]) => [tag, 6, Buffer.from(`${text}\0`)],
  );
  if (epoch !== undefined) {
    const data = Buffer.alloc(4);
    data.writeUInt32BE(epoch);
    entries.unshift([1003, 4, data]);
  }
  const index = Buffer.alloc(8 + entries.length * 16);
  const data = Buffer.concat(entries.map(([, , bytes]) => bytes));
  index.writeUInt32BE(entries.length, 0);
  index.writeUInt32BE(data.length, 4);
  let offset = 0;
  for (const [at, [tag, type, bytes]] of entries.entries()) {
    index.writeUInt32BE(tag, 8 + at * 16);
    index.writeUInt32BE(type, 12 + at * 16);
    index.writeUInt32BE(offset, 16 + at * 16);
    index.writeUInt32BE(1, 20 + at * 16);
    offset += bytes.length;
  }
  return Buffer.concat([index, data]);
}

/** The table as rpm makes it, written by SQLite. */
async function database(packages: readonly Written[], pageSize = 4096): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-rpm-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'rpmdb.sqlite');
  const sqlite = new DatabaseSync(file);
  sqlite.exec(`PRAGMA page_size = ${pageSize}`);
  sqlite.exec('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)');
  sqlite.exec(
    "CREATE TABLE 'Name' (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)",
  );
  const insert = sqlite.prepare('INSERT INTO Packages (blob) VALUES (?)');
  sqlite.exec('BEGIN');
  for (const one of packages) insert.run(header(one));
  sqlite.exec('COMMIT');
  sqlite.close();
  return readFile(file);
}

const path = 'var/lib/rpm/rpmdb.sqlite';
const many = (count: number): Written[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `package-${at}`,
    version: `1.${at}`,
    release: '1.el9',
    // From within a page over its bounds to dozens of pages.
    padding: (at * 997) % 70_000,
    ...(at % 7 === 0 ? { epoch: at } : {}),
  }));

it.each([512, 4096, 65_536])(
  'reads every row of a database with pages of %i bytes',
  async (size) => {
    const written = many(300);
    const { packages, unread } = rpm.read(await database(written, size), path, true);
    expect(unread).toBeNull();
    expect(packages).toEqual(
      written.map(({ name, version, release, epoch }) => ({
        type: 'rpm',
        name,
        version: `${epoch === undefined ? '' : `${epoch}:`}${version}-${release}`,
      })),
    );
  },
);

/** Written by rpm 4.18.0, into which three packages of rpmbuild were installed. */
it('reads a database that rpm wrote', async () => {
  const file = packageFile('src/validators/image/packages/rpm/fixtures/rpmdb.sqlite.gz');
  const { packages, unread } = rpm.read(gunzipSync(await readFile(file)), path, true);
  expect(unread).toBeNull();
  expect(packages.map(({ name, version }) => `${name} ${version}`).sort()).toEqual([
    'alpha 1.0-1.el9',
    'beta-libs 3:2.3.4-7.fc42',
    'gamma 20240101-0.1.rc2',
  ]);
});

it('leaves out keys, which are kept as packages', async () => {
  const keys = { name: 'gpg-pubkey', version: '1', release: '2' };
  expect(rpm.read(await database([keys]), path, true).packages).toEqual([]);
});

it('answers with a reason for every damage, and does not hang', async () => {
  const whole = await database(many(60), 512);
  const sizes = [0, 15, 99, 511, 512, 5000, whole.length - 512];
  for (const size of sizes) {
    expect(rpm.read(whole.subarray(0, size), path, true).unread).not.toBeNull();
  }
  let state = 1;
  for (let round = 0; round < 60; round++) {
    const damaged = Buffer.from(whole);
    for (let flips = 0; flips < 20; flips++) {
      // The constants of Numerical Recipes' linear congruential generator.
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      damaged[state % damaged.length] = state >>> 24;
    }
    expect(rpm.read(damaged, path, true).packages.length).toBeLessThanOrEqual(60 * 2);
  }
});

it.each([
  ['var/lib/rpm/Packages', 'the database of rpm is in the format Berkeley DB, which is not read'],
  [
    'usr/lib/sysimage/rpm/Packages.db',
    'the database of rpm is in the format ndb, which is not read',
  ],
])('says that %s is not read', (file, why) => {
  expect(rpm.wants(file)).toBe(1);
  expect(rpm.read(Buffer.from('x'), file, false)).toEqual({ packages: [], unread: why });
});
