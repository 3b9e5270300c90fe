import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { sha256Hex } from '../../src/core/digest.ts';
import { packageFile } from '../../src/core/package-root.ts';
import type { Variables } from './bed.ts';
import { createBucket } from './buckets.ts';
import { forPods } from './from-pods.ts';
import { pushLayout } from './images.ts';
import { createNamespace, kubectl } from './kubernetes.ts';
import { createDatabase } from './postgres.ts';

export type ShopRelease = 'v1' | 'v2' | 'v3';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** The example in a namespace of its own, with a database and a bucket of its own. */
export interface ShopInCluster extends AsyncDisposable {
  readonly namespace: string;
  /** As the host reaches it. */
  readonly databaseUrl: string;
  readonly bucket: string;
  /**
   * The release's manifests for this namespace, registry and bucket, as kustomize renders them; their
   * image is pushed.
   */
  manifests(release: ShopRelease): Promise<readonly Manifest[]>;
  /** Writes them in the place of what the folder holds. */
  render(release: ShopRelease, folder: string): Promise<void>;
  /** Runs the release's migrations, then rolls it out, as its README says. */
  deploy(release: ShopRelease): Promise<void>;
  kubectl(...args: string[]): Promise<string>;
}

const versions = { v1: '1.0.0', v2: '2.0.0', v3: '3.0.0' } as const;

/** @param bed of `kubernetes`, `registry`, `postgres`, `minio` and `toxiproxy` */
export async function shopInCluster(bed: Variables): Promise<ShopInCluster> {
  await using stack = new AsyncDisposableStack();
  const registry = bed('DEPLOYCHECK_TEST_REGISTRY');
  const [database, bucket, { name: namespace }] = [
    stack.use(await createDatabase(bed('DEPLOYCHECK_TEST_POSTGRES'), 'shop')),
    stack.use(await createBucket(bed('DEPLOYCHECK_TEST_S3'), 'shop')),
    stack.use(await createNamespace('shop')),
  ];
  const databaseInside = await forPods(bed, stack, database.url);
  const s3 = await forPods(bed, stack, bed('DEPLOYCHECK_TEST_S3'));
  const inNamespace = (...args: string[]) => kubectl(['--namespace', namespace, ...args]);
  await inNamespace(
    ...['create', 'secret', 'generic', 'shop-credentials'],
    `--from-literal=DATABASE_URL=${databaseInside}`,
    `--from-literal=S3_ACCESS_KEY=${s3.username}`,
    `--from-literal=S3_SECRET_KEY=${s3.password}`,
  );

  const manifests: ShopInCluster['manifests'] = async (release) => {
    const image = await imageOf(release);
    await pushLayout(image.folder, registry, image.repository, versions[release]);
    const folder = await mkdtemp(join(tmpdir(), 'deploycheck-shop-'));
    try {
      await writeOverlay(folder, release, {
        namespace,
        image: `${registry}/${image.repository}`,
        endpoint: `http://${s3.host}`,
        bucket: bucket.name,
      });
      const rendered = await kubectl(['kustomize', folder]);
      return parseAllDocuments(rendered).map((document) => document.toJS());
    } finally {
      await rm(folder, { recursive: true });
    }
  };
  const apply = (objects: readonly Manifest[]) =>
    kubectl(
      ['apply', '--server-side', '--force-conflicts', '-f', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
    );

  const disposables = stack.move();
  return {
    namespace,
    databaseUrl: database.url,
    bucket: bucket.name,
    manifests,
    kubectl: inNamespace,
    async render(release, folder) {
      for (const name of await readdir(folder)) await rm(join(folder, name));
      for (const object of await manifests(release)) {
        const file = join(folder, `${object.kind}-${object.metadata.name}.json`);
        await writeFile(file, JSON.stringify(object, undefined, 2));
      }
    },
    async deploy(release) {
      const all = await manifests(release);
      await apply(all.filter(({ kind }) => kind !== 'Deployment'));
      for (const { metadata } of all.filter(({ kind }) => kind === 'Job')) {
        await inNamespace(
          'wait',
          '--for=condition=complete',
          `job/${metadata.name}`,
          '--timeout=90s',
        );
      }
      await apply(all.filter(({ kind }) => kind === 'Deployment'));
      await inNamespace('rollout', 'status', 'deployment/shop', '--timeout=120s');
    },
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}

/**
 * Where the image of a release is pushed: a build that differs gets a name of its own, because nodes of
 * a bed that lives longer than a build keep what they pulled under a tag.
 */
async function imageOf(release: ShopRelease): Promise<{ folder: string; repository: string }> {
  const folder = packageFile(`examples/shop/build/${release}/image`);
  const digest = sha256Hex(await readFile(join(folder, 'index.json')));
  return { folder, repository: `${digest.slice(0, 12)}/shop` };
}

interface Place {
  readonly namespace: string;
  /** Without its tag. */
  readonly image: string;
  readonly endpoint: string;
  readonly bucket: string;
}

/** What a team would keep for one more environment: a kustomization over the release's manifests. */
async function writeOverlay(folder: string, release: ShopRelease, place: Place): Promise<void> {
  const source = packageFile(`examples/shop/releases/${release}/manifests`);
  await cp(source, join(folder, 'manifests'), { recursive: true });
  const files = (await readdir(source)).map((name) => `manifests/${name}`);
  const replace = (path: string, value: string) => ({ op: 'replace', path, value });
  const kustomization = {
    namespace: place.namespace,
    resources: files.sort(),
    images: [{ name: 'registry.example.com/shop', newName: place.image }],
    patches: [
      {
        target: { kind: 'ConfigMap', name: 'shop-config' },
        patch: JSON.stringify([
          replace('/data/S3_ENDPOINT', place.endpoint),
          replace('/data/S3_BUCKET', place.bucket),
          replace('/data/S3_REGION', 'us-east-1'),
        ]),
      },
    ],
  };
  await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
}

/**
 * Credentials, as an env file, of a database and a bucket that only a sandbox has, as pods reach them.
 * They go with `stack`.
 */
export async function sandboxCredentials(
  bed: Variables,
  stack: AsyncDisposableStack,
): Promise<string> {
  const database = stack.use(await createDatabase(bed('DEPLOYCHECK_TEST_POSTGRES'), 'sandbox'));
  const url = await forPods(bed, stack, database.url);
  const s3 = new URL(bed('DEPLOYCHECK_TEST_S3'));
  return `DATABASE_URL=${url}\nS3_ACCESS_KEY=${s3.username}\nS3_SECRET_KEY=${s3.password}\n`;
}
