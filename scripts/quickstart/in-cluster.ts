import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Variables } from '../../test/systems/bed.ts';
import { sandboxCredentials, shopInCluster } from '../../test/systems/shop.ts';
import type { Place } from './place.ts';
import { fillShop } from './shop-data.ts';
import { findServer } from './throwaway-postgres.ts';
import { makeWorkspace } from './workspace.ts';

/** Release v1 of the example in a namespace of its own: release v2 is about to come. */
export async function placeInCluster(
  bed: Variables,
  stack: AsyncDisposableStack,
  say: (line: string) => void,
): Promise<Place> {
  const shop = stack.use(await shopInCluster(bed));
  say(`release v1 goes into the namespace ${shop.namespace}`);
  await shop.deploy('v1');
  const store = bed('DEPLOYCHECK_TEST_S3');
  await fillShop(shop.databaseUrl, { url: store, bucket: shop.bucket });

  const view = JSON.parse(await shop.kubectl('config', 'view', '--minify', '--output', 'json'));
  const cluster = { context: String(view['current-context']), namespace: shop.namespace };
  const folder = await makeWorkspace({ database: true, bucket: shop.bucket, cluster });
  await shop.render('v2', join(folder, 'manifests'));
  // Not among the files of the release, where the checklist would find it.
  const apart = await mkdtemp(join(tmpdir(), 'deploycheck-quickstart-'));
  stack.defer(() => rm(apart, { recursive: true, force: true }));
  const credentials = join(apart, 'sandbox.env');
  await writeFile(credentials, await sandboxCredentials(bed, stack), { mode: 0o600 });
  const s3 = new URL(store);
  const tools = await findServer();
  return {
    folder,
    env: {
      KUBECONFIG: bed('KUBECONFIG'),
      SHOP_DATABASE_URL: shop.databaseUrl,
      SHOP_S3_ENDPOINT: s3.origin,
      AWS_ACCESS_KEY_ID: s3.username,
      AWS_SECRET_ACCESS_KEY: s3.password,
      ...(tools !== undefined && { PATH: `${tools}:${process.env.PATH}` }),
    },
    before: [
      ['backup', 'create'],
      ['backup', 'rehearse'],
    ],
    flags: ['--secret', `shop-credentials=env-file:${credentials}`],
  };
}
