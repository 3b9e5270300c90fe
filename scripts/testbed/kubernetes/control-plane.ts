import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartContext } from '../part.ts';
import { Problem } from '../problem.ts';
import { poll } from '../processes.ts';
import { run } from '../sandbox.ts';
import { apiServerPort, certificate, kubeconfig } from './certificates.ts';

/** In the cluster's own network, where 127.0.0.1 is nobody else's. */
const etcdClients = 'http://127.0.0.1:2379';
const etcdPeers = 'http://127.0.0.1:2380';

/** etcd and the API server, until it serves. */
export async function startApiServer(context: StartContext): Promise<void> {
  const { bed, folder, spawn, program, ready } = context;
  const pki = (name: string) => certificate(folder, name);
  const { node1, services } = bed.cluster;
  await mkdir(join(folder, 'etcd'), { mode: 0o700 });
  await spawn('etcd', [
    program('etcd', 'etcd'),
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${etcdClients}`,
    `--advertise-client-urls=${etcdClients}`,
    `--listen-peer-urls=${etcdPeers}`,
    `--initial-advertise-peer-urls=${etcdPeers}`,
    `--initial-cluster=default=${etcdPeers}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ]);
  const server = await spawn('kube-apiserver', [
    program('kube', 'kube-apiserver'),
    `--etcd-servers=${etcdClients}`,
    `--secure-port=${apiServerPort}`,
    `--bind-address=${node1}`,
    `--advertise-address=${node1}`,
    `--cert-dir=${join(folder, 'pki')}`,
    `--tls-cert-file=${pki('apiserver.crt')}`,
    `--tls-private-key-file=${pki('apiserver.key')}`,
    `--client-ca-file=${pki('ca.crt')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${pki('sa.pub')}`,
    `--service-account-signing-key-file=${pki('sa.key')}`,
    `--service-cluster-ip-range=${services}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged=true',
    `--kubelet-client-certificate=${pki('admin.crt')}`,
    `--kubelet-client-key=${pki('admin.key')}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--requestheader-client-ca-file=${pki('ca.crt')}`,
    '--requestheader-allowed-names=front-proxy',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${pki('front.crt')}`,
    `--proxy-client-key-file=${pki('front.key')}`,
    '--enable-aggregator-routing',
    // A bookmark and a watch that ends within minutes are what a client has to live with.
    '--min-request-timeout=120',
  ]);
  await ready(
    'kube-apiserver',
    server,
    async () => (await kubectl(context, ['get', '--raw', '/readyz']).catch(() => '')) === 'ok',
  );
}

export async function startControllers({
  folder,
  bed,
  spawn,
  program,
}: StartContext): Promise<void> {
  await spawn('kube-controller-manager', [
    program('kube', 'kube-controller-manager'),
    `--kubeconfig=${kubeconfig(folder, 'controllers')}`,
    `--service-account-private-key-file=${certificate(folder, 'sa.key')}`,
    `--root-ca-file=${certificate(folder, 'ca.crt')}`,
    `--cluster-cidr=${bed.cluster.pods}`,
    '--use-service-account-credentials',
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    `--cert-dir=${join(folder, 'pki')}`,
    // Volumes on demand, as folders of this host: one host is all there is.
    '--enable-hostpath-provisioner',
    `--flex-volume-plugin-dir=${join(folder, 'volume-plugins')}`,
  ]);
  await spawn('kube-scheduler', [
    program('kube', 'kube-scheduler'),
    `--kubeconfig=${kubeconfig(folder, 'scheduler')}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    `--cert-dir=${join(folder, 'pki')}`,
  ]);
}

/** kubectl of the bed's own version, as the administrator. */
export async function kubectl(
  { folder, program }: StartContext,
  args: readonly string[],
  input?: string,
): Promise<string> {
  return run(program('kube', 'kubectl'), [`--kubeconfig=${kubeconfig(folder, 'admin')}`, ...args], {
    env: { HOME: folder, PATH: process.env.PATH },
    ...(input === undefined ? {} : { input }),
  });
}

/** Waits until kubectl prints `expected`. */
export async function kubectlUntil(
  context: StartContext,
  what: string,
  args: readonly string[],
  expected: RegExp,
  seconds = 60,
): Promise<void> {
  const seen = await poll(
    seconds,
    async () => (expected.test(await kubectl(context, args).catch(() => '')) ? true : undefined),
    200,
  );
  if (!seen)
    throw new Problem(`${what} did not happen within ${seconds} s; see ${context.folder}/*.log`);
}
