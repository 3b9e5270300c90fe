import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../../src/adapters/objects/objects.ts';
import { createObjectStores } from '../../../src/adapters/objects/s3.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket } from '../../systems/buckets.ts';
import { hasTool } from '../../systems/tools.ts';
import { mebibyte, never, put, read } from './servers.ts';

const bed = await systems('minio');

describe.skipIf(!bed || !hasTool('openssl'))('a store behind TLS', () => {
  let folder: string;
  let server: Server;
  const file = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deploycheck-tls-'));
    const subject = ['-subj', '/CN=store', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const out = ['-keyout', file('key.pem'), '-out', file('certificate.pem'), '-days', '1'];
    execFileSync('openssl', ['req', '-x509', ...key, ...subject, ...out], { stdio: 'ignore' });
    const behind = new URL(bed?.('DEPLOYCHECK_TEST_S3') ?? '');
    server = createServer(
      { key: await readFile(file('key.pem')), cert: await readFile(file('certificate.pem')) },
      (socket) => {
        const onward = connect(Number(behind.port), behind.hostname);
        socket.on('error', () => onward.destroy());
        onward.on('error', () => socket.destroy());
        socket.pipe(onward).pipe(socket);
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    server.close();
    await once(server, 'close');
    await rm(folder, { recursive: true });
  });

  const storeWith = async (env: Record<string, string>): Promise<ObjectStore> => {
    const { username, password } = new URL(bed?.('DEPLOYCHECK_TEST_S3') ?? '');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const stores = createObjectStores({
      env: {
        AWS_ENDPOINT_URL_S3: `https://127.0.0.1:${port}`,
        AWS_ACCESS_KEY_ID: username,
        AWS_SECRET_ACCESS_KEY: password,
        ...env,
      },
      register: () => undefined,
    });
    return stores.open(await stores.settings({}));
  };

  it('is trusted by the certificates of AWS_CA_BUNDLE', async () => {
    await using bucket = await createBucket(bed?.('DEPLOYCHECK_TEST_S3') ?? '', 'tls');
    const store = await storeWith({ AWS_CA_BUNDLE: file('certificate.pem') });
    const content = Buffer.alloc(6 * mebibyte, 'x');
    await put(store, bucket.name, 'key', content, { partSize: 5 * mebibyte });
    expect((await read(store, bucket.name, 'key'))?.equals(content)).toBe(true);
    store.close();
  });

  it('is not trusted otherwise', async () => {
    const store = await storeWith({});
    await expect(store.bucketExists('any-bucket', never)).rejects.toMatchObject({
      code: 'objects-unreachable',
      message: expect.stringContaining('certificate'),
    });
    store.close();
  });
});
