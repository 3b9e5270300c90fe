import { Readable } from 'node:stream';
import { execa } from 'execa';
import { Client } from 'pg';
import { sha256Hex } from '../../src/core/digest.ts';
import { packageFile } from '../../src/core/package-root.ts';
import { openStore } from '../../test/systems/buckets.ts';

/** Production before the release: the schema of v1, and orders whose invoices are in the bucket. */
export async function fillShop(
  databaseUrl: string,
  store?: { readonly url: string; readonly bucket: string },
): Promise<void> {
  await execa(process.execPath, ['src/main.ts', 'migrate', 'up'], {
    cwd: packageFile('examples/shop/releases/v1'),
    env: { DATABASE_URL: databaseUrl },
  });
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `insert into orders (customer, currency, total, invoice_key, request_digest)
       select 'customer ' || n, 'EUR', n * 100, 'invoices/' || n || '.pdf', md5(n::text)
       from generate_series(1, $1) n`,
      [orders],
    );
  } finally {
    await client.end();
  }
  if (!store) return;
  const objects = await openStore(store.url);
  const { signal } = new AbortController();
  for (let number = 1; number <= orders; number++) {
    const document = Buffer.from(`%PDF invoice ${number}`);
    const known = { size: document.length, sha256: sha256Hex(document) };
    const key = `invoices/${number}.pdf`;
    await objects.put(store.bucket, key, Readable.from([document]), known, signal);
  }
  objects.close();
}

const orders = 50;
