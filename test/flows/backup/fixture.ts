import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ObjectStore } from '../../../src/adapters/objects/objects.ts';
import { createSet } from '../../../src/backup/create.ts';
import { rehearseSet, type Stage } from '../../../src/backup/rehearse.ts';
import type { Repository } from '../../../src/backup/repository/repository.ts';
import type { Rehearsal, Verification } from '../../../src/backup/set/reports.ts';
import { namedSet, type OpenedSet } from '../../../src/backup/set/sets.ts';
import {
  type BucketSource,
  openRepository,
  type RepositoryRef,
} from '../../../src/backup/sources.ts';
import type { BackupSystems } from '../../../src/backup/systems.ts';
import { verifySet } from '../../../src/backup/verify.ts';
import { newKey } from '../../e2e/cli.ts';
import type { Variables } from '../../systems/bed.ts';
import { createBucket, openStore, type TestBucket } from '../../systems/buckets.ts';
import { createDatabase, type TestDatabase } from '../../systems/postgres.ts';
import { oddDatabase } from './odd-database.ts';
import {
  awsOf,
  type Bench,
  bench,
  connect,
  type KeyPair,
  never,
  newKeyPair,
  sourceOf,
  unique,
} from './support.ts';

export interface OddObject {
  readonly key: string;
  readonly content: Buffer;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly contentEncoding?: string;
}

export const oddObjects: readonly OddObject[] = [
  {
    key: 'invoices/1.pdf',
    content: Buffer.from('%PDF 1'),
    contentType: 'application/pdf',
    metadata: { who: 'me' },
  },
  { key: 'invoices/ünï & 2.pdf', content: Buffer.from('%PDF 2') },
  { key: `a<>"'b+c%2Fd`, content: Buffer.from('odd') },
  { key: ' blank ', content: Buffer.alloc(0) },
  { key: 'deep/er/and "quoted"\\', content: Buffer.from('odd') },
  {
    key: 'packed.json',
    content: Buffer.from([31, 139, 8, 0]),
    contentEncoding: 'gzip',
    contentType: 'application/json',
  },
  { key: 'large', content: Buffer.alloc(9 * 1024 * 1024, 'large ') },
];

/** A database and a bucket that hold what copies tend to lose, and what is done with them. */
export interface Fixture extends AsyncDisposable {
  readonly bench: Bench;
  readonly database: TestDatabase;
  /** A superuser of its own, so that what it makes can be told from what others make. */
  readonly role: string;
  /** The database, and the server, as that role. */
  readonly databaseUrl: string;
  readonly serverUrl: string;
  readonly bucket: TestBucket;
  readonly store: ObjectStore;
  readonly buckets: readonly BucketSource[];
  /** With the identity of {@link Fixture.keys}, when it is encrypted. */
  readonly place: RepositoryRef;
  readonly keys: KeyPair;
  readonly stage: Stage;
  sql(text: string): Promise<void>;
  create(change?: Partial<BackupSystems>): Promise<string>;
  open<T>(
    set: string,
    work: (set: OpenedSet, repository: Repository, systems: BackupSystems) => Promise<T>,
  ): Promise<T>;
  verify(set: string): Promise<Verification>;
  rehearse(set: string, stage?: Stage): Promise<Rehearsal>;
}

/**
 * @param store name of the variable of the store of the bucket
 * @param repository `folder`, or the name of the variable of a store
 */
export async function fixture(
  bed: Variables,
  store: string,
  repository: string,
  { encrypted = false, signed = false }: { encrypted?: boolean; signed?: boolean } = {},
): Promise<Fixture> {
  await using stack = new AsyncDisposableStack();
  const server = bed('DEPLOYCHECK_TEST_POSTGRES');
  const role = unique('backup');
  await asServer(server, `create role ${role} superuser login password '${rolePassword}'`);
  stack.defer(() => asServer(server, `drop role ${role}`));
  const database = stack.use(await createDatabase(server, 'backup'));
  const [databaseUrl, serverUrl] = [database.url, server].map((url) => asRole(url, role));
  if (!databaseUrl || !serverUrl) throw new Error('no address');
  const bucket = stack.use(await createBucket(bed(store), 'backup'));
  const objects = await openStore(bed(store));
  stack.defer(() => objects.close());
  const at = await bench({ DB_URL: databaseUrl, SERVER_URL: serverUrl, ...awsOf(bed(store)) });
  stack.use(at);
  let place: RepositoryRef = { url: `file:${join(at.folder, 'repository')}` };
  if (repository !== 'folder') {
    const home = stack.use(await createBucket(bed(repository), 'repository'));
    place = { url: `s3:${new URL(bed(repository)).origin}/${home.name}/shop` };
  }
  const keys = newKeyPair();
  if (encrypted) {
    const identity = join(at.folder, 'identity.txt');
    await writeFile(identity, `# a test's\n${keys.identity}\n`, { mode: 0o600 });
    place = { ...place, identity, encryption: { recipients: [keys.recipient] } };
  }
  if (signed) {
    const { key, line } = await newKey(at.folder, 'backup', ['backup']);
    const allowedSigners = join(at.folder, 'allowed_signers');
    await writeFile(allowedSigners, line);
    place = { ...place, signing: { key, allowedSigners } };
  }
  const sql = async (text: string) => {
    await using connection = await connect(database.url);
    await connection.script(text, never);
  };
  await sql(oddDatabase);
  for (const object of oddObjects) await putObject(objects, bucket.name, object);
  await objects.setTags(bucket.name, 'packed.json', { team: 'shop', kind: 'a=b' }, never);
  for (const [document, text] of Object.entries(bucketDocuments(bucket.name))) {
    const name = document === 'policy' ? 'policy' : 'tags';
    await objects.setBucketDocument(bucket.name, name, text, never);
  }
  const buckets: BucketSource[] = [
    {
      name: 'invoices',
      ref: { endpoint: '', bucket: bucket.name },
      prefix: '',
      tags: true,
      references: ['select invoice_key from orders;'],
    },
  ];
  const stage: Stage = {
    server: { env: 'SERVER_URL' },
    stores: new Map([['invoices', { endpoint: '' }]]),
  };
  const open: Fixture['open'] = (set, work) =>
    at.run(async (systems) => {
      const opened = await openRepository(place, systems);
      await systems.scope.defer('repository', () => opened.close());
      return await work(await namedSet(opened, set, never), opened, systems);
    });
  const disposables = stack.move();
  return {
    bench: at,
    database,
    role,
    databaseUrl,
    serverUrl,
    bucket,
    store: objects,
    buckets,
    place,
    keys,
    stage,
    sql,
    create: (change) =>
      at.run(
        async (systems) => (await createSet(sourceOf(buckets), place, systems)).manifest.set,
        change,
      ),
    open,
    verify: (set) => open(set, verifySet),
    rehearse: (set, on = stage) =>
      open(set, async (opened, home, systems) => {
        if (!opened.manifest) throw new Error(opened.problem);
        return (await rehearseSet(opened, on, home, systems)).rehearsal;
      }),
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}

/** What both servers of the bed keep of a bucket. */
export const bucketDocuments = (bucket: string) => ({
  policy: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        ...{ Effect: 'Allow', Principal: { AWS: ['*'] }, Action: ['s3:GetObject'] },
        Resource: [`arn:aws:s3:::${bucket}/public/*`],
      },
    ],
  }),
  tags: '<Tagging><TagSet><Tag><Key>team</Key><Value>shop</Value></Tag></TagSet></Tagging>',
});

export async function putObject(
  store: ObjectStore,
  bucket: string,
  { key, content, ...options }: OddObject,
): Promise<void> {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const size = content.length;
  await store.put(bucket, key, Readable.from([content]), { size, sha256, ...options }, never);
}

const rolePassword = 'password-of-the-fixture';

function asRole(url: string, role: string): string {
  const changed = new URL(url);
  [changed.username, changed.password] = [role, rolePassword];
  return changed.href;
}

async function asServer(url: string, statement: string): Promise<void> {
  await using connection = await connect(url);
  await connection.query(statement, [], never);
}

/** Databases that the role of a fixture has made and not removed. */
export async function databasesOf({ role, serverUrl }: Fixture): Promise<readonly string[]> {
  await using connection = await connect(serverUrl);
  const { rows } = await connection.query(
    'select datname from pg_database where datdba = $1::regrole order by 1',
    [role],
    never,
  );
  return rows.map(({ datname }) => String(datname));
}
