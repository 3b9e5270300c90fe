import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bed } from '../bed.ts';
import { run } from '../sandbox.ts';

/** Who talks to the API server, by the names Kubernetes gives them: common name and organisation. */
const clients = {
  admin: ['admin', 'system:masters'],
  controllers: ['system:kube-controller-manager', 'testbed'],
  scheduler: ['system:kube-scheduler', 'testbed'],
  proxy: ['system:kube-proxy', 'testbed'],
  dns: ['system:coredns', 'testbed'],
  front: ['front-proxy', 'testbed'],
  node1: ['system:node:node1', 'system:nodes'],
  node2: ['system:node:node2', 'system:nodes'],
} as const;

type ClientName = keyof typeof clients;

export const apiServerPort = 6443;

export const certificate = (folder: string, name: string): string => join(folder, 'pki', name);
export const kubeconfig = (folder: string, name: ClientName): string =>
  join(folder, `${name}.kubeconfig`);

/** A CA of the bed's own, a certificate and a kubeconfig for everyone who talks to the API server. */
export async function writeCertificates(folder: string, bed: Bed): Promise<void> {
  const pki = join(folder, 'pki');
  await mkdir(pki, { mode: 0o700 });
  const openssl = (...args: string[]) => run('openssl', args, { cwd: pki });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await Promise.all([
    openssl(
      'genpkey',
      '-algorithm',
      'EC',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-out',
      'sa.key',
    ).then(() => openssl('pkey', '-in', 'sa.key', '-pubout', '-out', 'sa.pub')),
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
      '-days',
      '3650',
      '-subj',
      '/CN=testbed',
    ),
  ]);

  const sign = async (name: string, commonName: string, organisation: string, names: string) => {
    await writeFile(join(pki, `${name}.ext`), `subjectAltName=${names}`);
    await openssl(
      'req',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/O=${organisation}/CN=${commonName}`,
    );
    await openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-set_serial',
      `0x${Buffer.from(name).toString('hex')}`,
      '-days',
      '3650',
      '-out',
      `${name}.crt`,
      '-extfile',
      `${name}.ext`,
    );
    await Promise.all([rm(join(pki, `${name}.csr`)), rm(join(pki, `${name}.ext`))]);
  };
  const { node1, kubernetes } = bed.cluster;
  const serverNames = [
    ...['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'].map(
      (name) => `DNS:${name}`,
    ),
    ...['127.0.0.1', node1, kubernetes].map((address) => `IP:${address}`),
  ].join(',');
  await Promise.all([
    sign('apiserver', 'kube-apiserver', 'testbed', serverNames),
    ...Object.entries(clients).map(async ([name, [commonName, organisation]]) => {
      await sign(name, commonName, organisation, 'DNS:testbed');
      await writeKubeconfig(folder, bed, name as ClientName);
    }),
  ]);
}

/** Keys are inside, not beside: the file can be handed to anything as it is. */
async function writeKubeconfig(folder: string, bed: Bed, name: ClientName): Promise<void> {
  const base64 = async (file: string) =>
    (await run('base64', ['-w0', certificate(folder, file)])).trim();
  const context = `testbed-${bed.number}`;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: context,
        cluster: {
          server: `https://${bed.cluster.node1}:${apiServerPort}`,
          'certificate-authority-data': await base64('ca.crt'),
        },
      },
    ],
    users: [
      {
        name: context,
        user: {
          'client-certificate-data': await base64(`${name}.crt`),
          'client-key-data': await base64(`${name}.key`),
        },
      },
    ],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    'current-context': context,
  };
  await writeFile(kubeconfig(folder, name), JSON.stringify(config, undefined, 2), { mode: 0o600 });
}
