import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pushPauseImage } from '../images.ts';
import { kubeconfig, writeCertificates } from '../kubernetes/certificates.ts';
import {
  kubectl,
  kubectlUntil,
  startApiServer,
  startControllers,
} from '../kubernetes/control-plane.ts';
import { startNames, startServiceProxy } from '../kubernetes/names.ts';
import { containerdSocket, nodeCgroup, startNode } from '../kubernetes/node.ts';
import { clusterObjects } from '../kubernetes/objects.ts';
import { linkHost } from '../network.ts';
import type { Part, StartContext } from '../part.ts';
import { registryAddress, registryCommand } from './registry.ts';

/** Where the provisioner of the controller manager makes volumes; it cannot be told another place. */
const volumes = '/tmp/hostpath_pv';

/** Kubernetes with two nodes on one host, in a network that has no way out. */
export const kubernetes: Part = {
  name: 'kubernetes',
  title: 'Kubernetes 1.34',
  variable: 'KUBECONFIG',
  needs: ['registry'],
  programs: [
    { program: 'containerd', package: 'containerd' },
    { program: 'runc', package: 'runc' },
    { program: '/usr/lib/cni/bridge', package: 'containernetworking-plugins' },
    { program: 'iptables', package: 'iptables' },
    { program: 'nft', package: 'nftables' },
    { program: 'conntrack', package: 'conntrack' },
    { program: 'socat', package: 'socat' },
    { program: 'openssl', package: 'openssl' },
    { program: 'ip', package: 'iproute2' },
    { program: 'busybox', package: 'busybox-static' },
  ],
  binaries: ['etcd', 'kube', 'coredns'],
  needsRoot: true,
  sandbox: (bed) => ({
    network: true,
    // Sockets, locks, network names, CNI's cache and the links to pod logs: each cluster its own.
    covered: ['/run', '/var/lib/cni', '/var/lib/kubelet', '/var/log'],
    binds: [[volumes, join(bed.folder, 'kubernetes/volumes')]],
  }),
  link: (bed) => `dcbed${bed.number}k`,
  cgroups: (bed) => [nodeCgroup(bed, 1), nodeCgroup(bed, 2)],
  foldersOutside: () => [volumes, '/var/lib/cni', '/var/lib/kubelet'],
  async start(context) {
    const { bed, folder, init, spawn } = context;
    const { host, node1, node2, pods, services } = bed.cluster;
    await linkHost(init, {
      name: `dcbed${bed.number}k`,
      hostAddress: `${host}/24`,
      insideAddresses: [`${node1}/24`, `${node2}/24`],
      behind: [pods, services],
    });
    await mkdir(join(folder, 'registry'));
    const [pause] = await Promise.all([
      pushPauseImage(`http://${registryAddress(bed)}`),
      writeCertificates(folder, bed),
      spawn(
        'registry',
        await registryCommand(bed, context.folderOf('registry'), join(folder, 'registry')),
      ),
    ]);
    const pauseImage = `${registryAddress(bed)}/${pause}`;
    await startApiServer(context);
    await startControllers(context);
    await Promise.all([
      kubectl(context, ['apply', '-f', '-'], objectsAsList()),
      startNode(context, 1, pauseImage),
      startNode(context, 2, pauseImage),
      startServiceProxy(context),
    ]);
    await startNames(context);
    await untilUsable(context);
    return {
      KUBECONFIG: kubeconfig(folder, 'admin'),
      DEPLOYCHECK_TEST_KUBECTL: context.program('kube', 'kubectl'),
      DEPLOYCHECK_TEST_HOST_ADDRESS: host,
      DEPLOYCHECK_TEST_CONTAINERD: [1, 2]
        .map((node) => containerdSocket(folder, node === 1 ? 1 : 2))
        .join(':'),
    };
  },
};

const objectsAsList = (): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: clusterObjects() });

async function untilUsable(context: StartContext): Promise<void> {
  const ready = '{range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{" "}{end}';
  await Promise.all([
    kubectlUntil(
      context,
      'two nodes being ready',
      ['get', 'nodes', '-o', `jsonpath=${ready}`],
      /^True True $/,
    ),
    // Pods cannot be made before it exists.
    kubectlUntil(
      context,
      'the default ServiceAccount',
      ['get', 'serviceaccount', 'default', '-o', 'name'],
      /serviceaccount/,
    ),
  ]);
}
