import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CliResult, deploycheck } from '../../e2e/cli.ts';
import type { Variables } from '../../systems/bed.ts';
import type { ShopInCluster } from '../../systems/shop.ts';

/** The configuration of a release's folder, with the systems of the test in it. */
export async function nameSystems(folder: string, shop: ShopInCluster): Promise<void> {
  const file = join(folder, 'deploycheck.yaml');
  const config = await readFile(file, 'utf8');
  const kubeconfig = JSON.parse(
    await shop.kubectl('config', 'view', '--minify', '--output', 'json'),
  );
  const edited = config
    .replace('context: production', `context: ${kubeconfig['current-context']}`)
    .replace('namespace: shop', `namespace: ${shop.namespace}`)
    .replace('bucket: invoices', `bucket: ${shop.bucket}`)
    .replace('file:../../build/repository', 'file:repository');
  await writeFile(file, edited);
}

/** The variables that the configuration of the example asks for. */
export function environmentOf(shop: ShopInCluster, bed: Variables): Record<string, string> {
  const s3 = new URL(bed('DEPLOYCHECK_TEST_S3'));
  return {
    KUBECONFIG: bed('KUBECONFIG'),
    SHOP_DATABASE_URL: shop.databaseUrl,
    SHOP_S3_ENDPOINT: s3.origin,
    AWS_ACCESS_KEY_ID: s3.username,
    AWS_SECRET_ACCESS_KEY: s3.password,
    PATH: `${bed('DEPLOYCHECK_TEST_POSTGRES_TOOLS')}:${process.env.PATH}`,
  };
}

/** Runs the binary in a release's folder, where it finds the systems of the bed. */
export function runIn(
  cwd: string,
  shop: ShopInCluster,
  bed: Variables,
): (...args: string[]) => Promise<CliResult> {
  const env = environmentOf(shop, bed);
  return (...args) => deploycheck(args, { cwd, env });
}
