import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { answers } from '../http.ts';
import type { Part } from '../part.ts';

const accessKey = 'testbed-admin';
const secretKey = 'testbed-secret-key';

export const minio: Part = {
  name: 'minio',
  title: 'MinIO',
  variable: 'DEPLOYCHECK_TEST_S3',
  binaries: ['minio'],
  ports: ['minio'],
  async start({ bed, folder, spawn, program, ready }) {
    const address = `127.0.0.1:${bed.ports.minio}`;
    const data = join(folder, 'data');
    await mkdir(data);
    const binary = program('minio', 'minio');
    const env = {
      MINIO_ROOT_USER: accessKey,
      MINIO_ROOT_PASSWORD: secretKey,
      // No calls home, no console.
      MINIO_CI_CD: '1',
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
      HOME: folder,
    };
    const server = await spawn('minio', [binary, 'server', data, '--address', address], { env });
    await ready('minio', server, () => answers(`http://${address}/minio/health/ready`));
    return { DEPLOYCHECK_TEST_S3: `http://${accessKey}:${secretKey}@${address}` };
  },
};
