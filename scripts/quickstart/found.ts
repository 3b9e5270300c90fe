import { systems } from '../../test/systems/bed.ts';
import { createBucket } from '../../test/systems/buckets.ts';
import { createDatabase } from '../../test/systems/postgres.ts';
import { placeInCluster } from './in-cluster.ts';
import type { Place } from './place.ts';
import { fillShop } from './shop-data.ts';
import { findServer, throwawayPostgres } from './throwaway-postgres.ts';
import { makeWorkspace } from './workspace.ts';

/**
 * The systems that this machine or its environment has without anything being installed: a database
 * server, and a store when one is named. What is made there goes with the stack.
 */
export async function foundSystems(
  stack: AsyncDisposableStack,
  say: (line: string) => void,
): Promise<Place> {
  const lacking = lackingForCluster();
  if (lacking?.length === 0) {
    say('a cluster with registry, database server and store, all named by the environment');
    const bed = await systems('kubernetes', 'registry', 'postgres', 'minio');
    if (bed) return placeInCluster(bed, stack, say);
  }
  if (lacking)
    say(`the cluster of KUBECONFIG is left alone: pods would need ${lacking.join(', ')}`);
  if (process.env.DOCKER_HOST) {
    say('the engine of DOCKER_HOST is left alone: the image is made and read without one');
  }
  const server = await databaseServer(stack, say);
  if (!server) return { folder: await makeWorkspace({ database: false }), ...nothing };
  const database = stack.use(await createDatabase(server.url, 'quickstart'));
  const store = process.env.DEPLOYCHECK_TEST_S3;
  const bucket =
    store === undefined ? undefined : stack.use(await createBucket(store, 'quickstart'));
  say(
    store === undefined
      ? 'no store: DEPLOYCHECK_TEST_S3 names none'
      : 'a store: DEPLOYCHECK_TEST_S3',
  );
  const filled = store && bucket ? { url: store, bucket: bucket.name } : undefined;
  await fillShop(database.url, filled);
  const s3 = store === undefined ? undefined : new URL(store);
  return {
    folder: await makeWorkspace({ database: true, bucket: bucket?.name }),
    env: {
      SHOP_DATABASE_URL: database.url,
      ...(s3 && {
        SHOP_S3_ENDPOINT: s3.origin,
        AWS_ACCESS_KEY_ID: s3.username,
        AWS_SECRET_ACCESS_KEY: s3.password,
      }),
      ...(server.tools !== undefined && { PATH: `${server.tools}:${process.env.PATH}` }),
    },
    before: [
      ['backup', 'create'],
      ['backup', 'rehearse'],
    ],
    flags: [],
  };
}

const nothing = { env: {}, before: [], flags: [] } as const;

async function databaseServer(
  stack: AsyncDisposableStack,
  say: (line: string) => void,
): Promise<{ readonly url: string; readonly tools?: string } | undefined> {
  const named = process.env.DEPLOYCHECK_TEST_POSTGRES;
  const tools = await findServer();
  if (named !== undefined) {
    say('a database server: DEPLOYCHECK_TEST_POSTGRES');
    return { url: named, ...(tools !== undefined && { tools }) };
  }
  if (tools === undefined) {
    say('no database server: neither initdb on PATH nor DEPLOYCHECK_TEST_POSTGRES');
    return undefined;
  }
  const server = stack.use(await throwawayPostgres(tools));
  say(`a throwaway database server: ${server.version}, from ${tools}`);
  return server;
}

/**
 * A cluster is written to only when it was named for that, with everything that its pods have to reach.
 * @returns the variables that are not set; undefined when no cluster is named at all
 */
function lackingForCluster(): string[] | undefined {
  if (!process.env.KUBECONFIG) return undefined;
  const needed = [
    'DEPLOYCHECK_TEST_ALLOW',
    'DEPLOYCHECK_TEST_REGISTRY',
    'DEPLOYCHECK_TEST_POSTGRES',
    'DEPLOYCHECK_TEST_S3',
  ];
  return needed.filter((name) => !process.env[name]);
}
