import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { binaryFolder } from '../../../scripts/testbed/binaries.ts';
import { packageFile } from '../../../src/core/package-root.ts';
import { systems } from '../../systems/bed.ts';
import { createBucket } from '../../systems/buckets.ts';
import { hasTool } from '../../systems/tools.ts';
import { fixture, oddObjects } from './fixture.ts';
import { awsOf, connect, never, unique } from './support.ts';

const bed = await systems('postgres', 'minio');
const tools = ['zstd', 'curl', 'sha256sum', 'pg_restore', 'createdb', 'bash', 'ssh-keygen'].every(
  hasTool,
);

/** The commands of the page, in their order; some are for encrypted sets only. */
async function commands(encrypted: boolean): Promise<string> {
  const page = await readFile(packageFile('docs/backup-format.md'), 'utf8');
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  expect(blocks.map((block) => block.includes('age --decrypt'))).toEqual([
    ...[false, false, true],
    ...[false, false],
  ]);
  return blocks.filter((block) => encrypted || !block.includes('age --decrypt')).join('');
}

const age = await binaryFolder('age', (line) => process.stderr.write(`${line}\n`));

describe.skipIf(!bed || !tools)('a set without deploycheck', () => {
  it.each([
    ['is', false],
    ['is decrypted,', true],
  ])('%s checked and restored with the commands of docs/backup-format.md', async (_, encrypted) => {
    if (!bed) return;
    await using shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder', {
      encrypted,
      signed: true,
    });
    const set = await shop.create();
    await using bucket = await createBucket(bed('DEPLOYCHECK_TEST_S3'), 'by-hand');
    const server = new URL(bed('DEPLOYCHECK_TEST_POSTGRES'));
    const name = unique('by_hand');
    try {
      const origin = new URL(bed('DEPLOYCHECK_TEST_S3')).origin;
      const { stdout } = await execa(
        'bash',
        ['-euo', 'pipefail', '-c', await commands(encrypted)],
        {
          env: {
            REPOSITORY: join(shop.bench.folder, 'repository'),
            SET: set,
            NEW_DATABASE: name,
            IDENTITY: join(shop.bench.folder, 'identity.txt'),
            ALLOWED_SIGNERS: join(shop.bench.folder, 'allowed_signers'),
            PLAIN: join(shop.bench.folder, 'plain'),
            PATH: `${age}:${process.env.PATH}`,
            BUCKET_URL: `${origin}/${bucket.name}`,
            PGHOST: server.hostname,
            PGPORT: server.port,
            PGUSER: server.username,
            PGPASSWORD: server.password,
            ...awsOf(bed('DEPLOYCHECK_TEST_S3')),
          },
        },
      );
      expect(stdout).toContain('manifest.json: OK');
      expect(stdout).toContain('Good "backup@deploycheck" signature');
      const url = new URL(shop.database.url);
      url.pathname = `/${name}`;
      await using copy = await connect(url.href);
      const { rows } = await copy.query(
        'select count(*) as n, sum(doubled) as s from numbers',
        [],
        never,
      );
      expect(rows).toEqual([{ n: '500', s: '250500' }]);

      for (const { key, content, metadata = {}, contentType } of oddObjects) {
        const object = await shop.store.get(bucket.name, key, {}, never);
        const found = Buffer.concat((await object?.body.toArray()) ?? []);
        expect(found.equals(content), key).toBe(true);
        expect(object?.metadata).toMatchObject(metadata);
        if (contentType !== undefined) expect(object?.contentType).toBe(contentType);
      }
    } finally {
      await using admin = await connect(server.href);
      await admin.query(`drop database if exists ${name} with (force)`, [], never);
    }
  });
});
