import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bed } from '../bed.ts';
import type { StartContext } from '../part.ts';
import { registryAddress } from '../parts/registry.ts';
import { certificate, kubeconfig } from './certificates.ts';

export type NodeNumber = 1 | 2;

export const nodeCgroup = (bed: Bed, node: NodeNumber): string =>
  `deploycheck-${bed.number}-node${node}`;
const bridge = (node: NodeNumber): string => `cni-node${node}`;
export const containerdSocket = (folder: string, node: NodeNumber): string =>
  join(folder, `node${node}`, 'containerd.sock');

/** containerd and the kubelet of one node. Both nodes share this host and the cluster's network. */
export async function startNode(
  context: StartContext,
  node: NodeNumber,
  pauseImage: string,
): Promise<void> {
  const { bed, folder, spawn, run, program, ready } = context;
  const own = join(folder, `node${node}`);
  await mkdir(own);
  await writeNetwork(own, bed, node);
  await writeMirror(own, bed);
  const containerd = join(own, 'containerd.toml');
  await writeFile(containerd, containerdConfig(own, pauseImage));
  const socket = containerdSocket(folder, node);
  const runtime = await spawn(`containerd${node}`, ['containerd', '--config', containerd], {
    // The kubelet and the shims find the plugins' programs by PATH.
    env: { HOME: own },
  });
  await ready(`containerd${node}`, runtime, () =>
    run(['ctr', '--address', socket, 'version']).then(
      () => true,
      () => false,
    ),
  );
  const kubelet = join(own, 'kubelet.json');
  await writeFile(kubelet, JSON.stringify(kubeletConfig(own, folder, bed, node)));
  await spawn(`kubelet${node}`, [
    program('kube', 'kubelet'),
    `--config=${kubelet}`,
    `--kubeconfig=${kubeconfig(folder, `node${node}`)}`,
    `--hostname-override=node${node}`,
    `--node-ip=${bed.cluster[`node${node}`]}`,
    `--root-dir=${join(own, 'kubelet')}`,
    `--cert-dir=${join(own, 'kubelet-pki')}`,
  ]);
}

async function writeNetwork(own: string, bed: Bed, node: NodeNumber): Promise<void> {
  await mkdir(join(own, 'cni'));
  const list = {
    cniVersion: '0.4.0',
    name: bridge(node),
    plugins: [
      {
        type: 'bridge',
        bridge: bridge(node),
        isGateway: true,
        hairpinMode: true,
        // No masquerade: a pod cannot reach anything that the bed did not make.
        ipMasq: false,
        ipam: {
          type: 'host-local',
          dataDir: join(own, 'addresses'),
          ranges: [[{ subnet: bed.cluster.podsOf(node) }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
  await writeFile(join(own, 'cni/10-testbed.conflist'), JSON.stringify(list));
}

/** Says that the registry on loopback speaks plain HTTP. */
async function writeMirror(own: string, bed: Bed): Promise<void> {
  const folder = join(own, 'certs.d', registryAddress(bed));
  await mkdir(folder, { recursive: true });
  const url = `http://${registryAddress(bed)}`;
  await writeFile(
    join(folder, 'hosts.toml'),
    `server = "${url}"\n[host."${url}"]\n  capabilities = ["pull", "resolve"]\n`,
  );
}

function containerdConfig(own: string, pauseImage: string): string {
  // Without CAP_SYS_RESOURCE no score may be lowered.
  return `version = 2
root = "${own}/containerd"
state = "${own}/containerd-state"
oom_score = 0
[grpc]
address = "${own}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${pauseImage}"
restrict_oom_score_adj = true
stats_collect_period = 5
[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "${own}/certs.d"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "${own}/cni"
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "overlayfs"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
`;
}

function kubeletConfig(own: string, folder: string, bed: Bed, node: NodeNumber): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificate(folder, 'ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'cgroupfs',
    // Two kubelets on one host would end each other's pods below one root.
    cgroupRoot: `/${nodeCgroup(bed, node)}`,
    failSwapOn: false,
    failCgroupV1: false,
    address: bed.cluster[`node${node}`],
    port: 10250,
    readOnlyPort: 0,
    healthzPort: 0,
    containerRuntimeEndpoint: `unix://${own}/containerd.sock`,
    volumePluginDir: join(own, 'volume-plugins'),
    podLogsDir: join(own, 'pod-logs'),
    clusterDomain: 'cluster.local',
    clusterDNS: [bed.cluster.node1],
    resolvConf: '',
    nodeStatusUpdateFrequency: '4s',
    oomScoreAdj: 0,
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '1%',
      'imagefs.available': '1%',
    },
    imageGCHighThresholdPercent: 100,
    enforceNodeAllocatable: [],
  };
}
