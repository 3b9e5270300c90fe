import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CliResult, deploycheck } from '../../../e2e/cli.ts';
import { type Running, start } from '../../../e2e/running.ts';
import type { Variables } from '../../../systems/bed.ts';
import { proxy, type Proxy as Way } from '../../../systems/toxiproxy.ts';
import { type Fixture, fixture } from '../fixture.ts';
import { awsOf } from '../support.ts';

/** The program with a configuration, whose ways to database and store can be cut. */
export interface Rig extends AsyncDisposable {
  readonly shop: Fixture;
  readonly databaseWay: Way;
  readonly storeWay: Way;
  /** Folder of runs and of the ledger. */
  readonly home: string;
  start(args: readonly string[]): Running;
  run(args: readonly string[]): Promise<CliResult>;
  /** What programs of ours left in the temporary folder. */
  temporary(): Promise<readonly string[]>;
}

/** @param repository `folder`, or the name of the variable of a store */
export async function rig(bed: Variables, repository: string): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const shop = stack.use(await fixture(bed, 'DEPLOYCHECK_TEST_S3', repository));
  const way = async (url: string) =>
    stack.use(
      await proxy(
        bed('DEPLOYCHECK_TEST_TOXIPROXY'),
        new URL(url).host,
        bed('DEPLOYCHECK_TEST_FREE_PORTS'),
      ),
    );
  const store = new URL(bed('DEPLOYCHECK_TEST_S3'));
  const databaseWay = await way(shop.serverUrl);
  const storeWay = await way(store.href);
  const through = (url: string, { port }: Way) => {
    const changed = new URL(url);
    changed.port = String(port);
    return changed.href;
  };
  const endpoint = new URL(through(store.origin, storeWay)).origin;
  const { folder } = shop.bench;
  const [cwd, temporary] = [join(folder, 'work'), join(folder, 'tmp')];
  await mkdir(cwd);
  await mkdir(temporary);
  const place = shop.place.url.replace(store.origin, endpoint);
  await writeFile(
    join(cwd, 'deploycheck.yaml'),
    `version: 1
environments: { production: { database: main, buckets: [invoices] } }
databases: { main: { env: SHOP_DATABASE_URL } }
buckets: { invoices: { endpoint: "${endpoint}", bucket: ${shop.bucket.name}, tags: true } }
repository: { url: "${place}" }
`,
  );
  const env = {
    ...awsOf(store.href),
    SHOP_DATABASE_URL: through(shop.databaseUrl, databaseWay),
    ADMIN_DATABASE_URL: through(shop.serverUrl, databaseWay),
    TMPDIR: temporary,
  };
  const disposables = stack.move();
  return {
    shop,
    databaseWay,
    storeWay,
    home: join(cwd, '.deploycheck'),
    start: (args) => start(args, { cwd, env }),
    run: (args) => deploycheck(args, { cwd, env }),
    // Node keeps a cache of its own there.
    temporary: async () =>
      (await readdir(temporary)).filter((name) => name !== 'node-compile-cache'),
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}
