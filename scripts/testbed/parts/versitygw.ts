import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { answers } from '../http.ts';
import type { Part } from '../part.ts';

const accessKey = 'versity-admin';
const secretKey = 'versity-secret-key';

/** A second S3 server by other authors: what only one of them does is no S3. */
export const versitygw: Part = {
  name: 'versitygw',
  title: 'Versity S3 gateway',
  variable: 'DEPLOYCHECK_TEST_S3_SECOND',
  binaries: ['versitygw'],
  ports: ['versitygw'],
  async start({ bed, folder, spawn, program, ready }) {
    const address = `127.0.0.1:${bed.ports.versitygw}`;
    const data = join(folder, 'data');
    const versions = join(folder, 'versions');
    await Promise.all([mkdir(data), mkdir(versions)]);
    const binary = program('versitygw', 'versitygw');
    const env = { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey, HOME: folder };
    const server = await spawn(
      'versitygw',
      [binary, '--port', address, 'posix', '--versioning-dir', versions, data],
      { env },
    );
    // An unsigned request is refused; that is an answer.
    await ready('versitygw', server, () => answers(`http://${address}/`, 403));
    return { DEPLOYCHECK_TEST_S3_SECOND: `http://${accessKey}:${secretKey}@${address}` };
  },
};
