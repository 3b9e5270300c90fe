import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../../src/adapters/objects/objects.ts';
import { put } from '../../adapters/objects/servers.ts';
import { deploycheck, newKey } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket, openStore, type TestBucket } from '../../systems/buckets.ts';
import { forPods } from '../../systems/from-pods.ts';
import { pushLayout } from '../../systems/images.ts';
import { createNamespace, kubectl } from '../../systems/kubernetes.ts';
import { assembleOwnImage, type OwnImage } from '../../systems/own-image.ts';
import { createDatabase } from '../../systems/postgres.ts';
import { awsOf, connect, never, newKeyPair } from './support.ts';

const bed = await systems('kubernetes', 'registry', 'postgres', 'minio', 'toxiproxy');

const rows = `
  create table orders (id int primary key, invoice_key text not null);
  insert into orders select n, 'invoices/' || n from generate_series(1, 3) n;`;

interface Names {
  readonly namespace: string;
  readonly bucket: string;
  readonly repository: string;
  readonly recipient: string;
}

const configuration = ({ namespace, bucket, repository, recipient }: Names) => `version: 1
environments: { production: { database: main, buckets: [invoices], namespace: ${namespace} } }
databases: { main: { env: SHOP_DATABASE_URL } }
buckets:
  invoices:
    endpoint: env:SHOP_S3
    bucket: ${bucket}
    credentials: { accessKey: env:SHOP_S3_KEY, secretKey: env:SHOP_S3_SECRET }
    references: [select invoice_key from orders]
repository:
  url: s3://${repository}/shop
  retention: { last: 1 }
  encryption: { recipients: [${recipient}], nameKey: env:BACKUP_NAME_KEY }
  signing: { key: sign.key, allowedSigners: allowed_signers }
`;

describe.skipIf(!bed)('a schedule with an image of its own', () => {
  const stack = new AsyncDisposableStack();
  let folder: string;
  let image: OwnImage;
  let namespace: string;
  let home: TestBucket;
  let store: ObjectStore;
  /** Of this machine, beside the cluster. */
  let env: Record<string, string>;

  beforeAll(async () => {
    if (!bed) return;
    folder = await mkdtemp(join(tmpdir(), 'deploycheck-in-cluster-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    image = await assembleOwnImage(folder, bed('DEPLOYCHECK_TEST_POSTGRES_TOOLS'));
    const s3 = bed('DEPLOYCHECK_TEST_S3');
    const database = stack.use(await createDatabase(bed('DEPLOYCHECK_TEST_POSTGRES'), 'shop'));
    const bucket = stack.use(await createBucket(s3, 'invoices'));
    home = stack.use(await createBucket(s3, 'backups'));
    ({ name: namespace } = stack.use(await createNamespace('in-cluster')));
    store = await openStore(s3);
    stack.defer(() => store.close());
    {
      await using connection = await connect(database.url);
      await connection.script(rows, never);
    }
    for (const number of [1, 2, 3]) {
      await put(store, bucket.name, `invoices/${number}`, `invoice ${number}`);
    }

    const { identity, recipient } = newKeyPair();
    const { key, line } = await newKey(folder, 'sign', ['backup']);
    await writeFile(join(folder, 'identity'), `${identity}\n`, { mode: 0o600 });
    await writeFile(join(folder, 'allowed_signers'), line);
    const names = { namespace, bucket: bucket.name, repository: home.name, recipient };
    await writeFile(join(folder, 'deploycheck.yaml'), configuration(names));

    const variables = (databaseUrl: string, url: string) => {
      const { origin, username, password } = new URL(url);
      return {
        ...awsOf(url),
        SHOP_DATABASE_URL: databaseUrl,
        SHOP_S3: origin,
        SHOP_S3_KEY: username,
        SHOP_S3_SECRET: password,
        BACKUP_NAME_KEY: 'f'.repeat(64),
      };
    };
    env = { ...variables(database.url, s3), KUBECONFIG: bed('KUBECONFIG') };
    const [insideDatabase, insideS3] = [
      await forPods(bed, stack, database.url),
      await forPods(bed, stack, s3),
    ];
    await inNamespace(
      'label',
      'namespace',
      namespace,
      'pod-security.kubernetes.io/enforce=restricted',
    );
    const secret = (name: string, ...from: string[]) =>
      inNamespace('create', 'secret', 'generic', name, ...from);
    const inside = Object.entries(variables(insideDatabase.href, insideS3.href));
    await secret(
      'shop-backup',
      ...inside.map(([name, value]) => `--from-literal=${name}=${value}`),
    );
    await secret('shop-sign', `--from-file=sign-key=${key}`);
    await secret('shop-identity', `--from-file=identity=${join(folder, 'identity')}`);
  });
  afterAll(() => stack.disposeAsync());

  const run = (...args: string[]) => deploycheck(args, { cwd: folder, env });
  const inNamespace = (...args: string[]) => kubectl(['--namespace', namespace, ...args]);

  it('has an image in which deploycheck finds nothing but that a job is not asked for its health', async () => {
    const { stdout } = await run('validate', 'image', `oci:${image.folder}`, '--format', 'json');
    const { findings, summary } = JSON.parse(stdout);
    expect(findings.map(({ check }: { check: string }) => check)).toEqual(['image/health-check']);
    expect(summary).toMatchObject({ pass: summary.checks - 1, inconclusive: 0 });
  });

  it('makes, watches, rehearses and prunes sets in a restricted namespace', async () => {
    const registry = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';
    const digest = await pushLayout(image.folder, registry, 'deploycheck', '0');
    const applied = await run(
      ...['backup', 'schedule', '--image', `${registry}/deploycheck@${digest}`],
      ...['--secret', 'shop-backup', '--sign-key-secret', 'shop-sign'],
      ...['--rehearse', '0 5 * * 0', '--identity-secret', 'shop-identity'],
      ...['--freshness', '0 * * * *', '--prune', '0 6 * * *', '--apply', '--yes'],
    );
    expect([applied.exitCode, applied.stdout.split('\n').length]).toEqual([0, 5]);

    expect(await job('', 'first')).toContain('kept as run ');
    const [first = ''] = await sets();
    expect(await job('-freshness', 'unproven', 'Failed')).toMatch(/^STALE .*none rehearsed/m);
    const objects = await stored('objects');
    expect(objects).toHaveLength(3);

    expect(await job('', 'second')).toContain('kept as run ');
    const [second = '', ...more] = (await sets()).filter((set) => set !== first);
    expect(more).toEqual([]);
    // Another machine, as far as it knows: what it names by the key of names is there already.
    expect(await stored('objects')).toEqual(objects);

    expect(await job('-rehearse', 'rehearsed')).toContain(`set ${second} is good`);
    expect(await job('-freshness', 'fresh')).toMatch(/^FRESH /m);
    const verified = await run('backup', 'verify', 'last', '--identity', 'identity');
    expect([verified.exitCode, verified.stderr]).toEqual([0, expect.stringContaining(second)]);

    await job('-prune', 'pruned');
    expect(await sets()).toEqual([second]);
    expect(await stored('tombstones')).toContainEqual(expect.stringContaining(`${first}.json`));
  }, 300_000);

  const stored = async (kind: string): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of (await store.list(home.name, `shop/${kind}/`, never)) ?? []) {
      keys.push(key);
    }
    return keys;
  };
  const sets = async (): Promise<string[]> =>
    (await stored('sets')).flatMap((key) => /([^/]+)\/manifest\.json$/.exec(key)?.[1] ?? []);

  /** Runs a job of the schedule now, to the end that is expected. @returns what its pod said */
  async function job(suffix: string, name: string, end = 'Complete'): Promise<string> {
    await inNamespace('create', 'job', name, `--from=cronjob/deploycheck-backup${suffix}`);
    const logs = () => inNamespace('logs', `job/${name}`);
    try {
      await inNamespace('wait', `job/${name}`, `--for=condition=${end}`, '--timeout=90s');
    } catch (error) {
      throw new Error(`${name}: ${await logs()}`, { cause: error });
    }
    const pods = await inNamespace('get', 'pods', '-l', `job-name=${name}`, '-o', 'json');
    const codes = JSON.parse(pods).items.map(exitCodeOf);
    expect(codes).toEqual([end === 'Complete' ? 0 : 1]);
    return logs();
  }
});

interface Pod {
  readonly status: {
    readonly containerStatuses: readonly {
      readonly state: { readonly terminated: { readonly exitCode: number } };
    }[];
  };
}

const exitCodeOf = ({ status }: Pod) => status.containerStatuses[0]?.state.terminated.exitCode;
