import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFile } from '../../src/core/package-root.ts';

/** Where the release is checked: as deep as the releases are, so that their relative paths hold. */
const folder = packageFile('examples/shop/build/quickstart');

/** What the systems that are there make of the environment of the configuration. */
export interface Named {
  readonly database: boolean;
  /** Name of the bucket on the store. */
  readonly bucket?: string | undefined;
  readonly cluster?: { readonly context: string; readonly namespace: string } | undefined;
}

/** A copy of release v2 whose configuration names the systems that are there, and no others. */
export async function makeWorkspace(named: Named): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(packageFile('examples/shop/releases/v2'), folder, {
    recursive: true,
    filter: (source) => !source.includes('.deploycheck'),
  });
  const file = join(folder, 'deploycheck.yaml');
  const { cluster, database, bucket } = named;
  const edited = (await readFile(file, 'utf8'))
    .replace(/ {4}context: .*\n/, cluster ? `    context: ${cluster.context}\n` : '')
    .replace(/ {4}namespace: .*\n/, cluster ? `    namespace: ${cluster.namespace}\n` : '')
    .replace(/ {4}database: .*\n/, database ? '    database: main\n' : '')
    .replace(/ {4}buckets: .*\n/, bucket === undefined ? '' : '    buckets: [invoices]\n')
    .replace('bucket: invoices', `bucket: ${bucket ?? 'invoices'}`)
    .replace('file:../../build/repository', 'file:repository');
  await writeFile(file, edited);
  return folder;
}
