import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answers } from '../http.ts';
import type { StartContext } from '../part.ts';
import { kubeconfig } from './certificates.ts';

/** kube-proxy for the addresses of Services; one serves both nodes, for they share one network. */
export async function startServiceProxy({
  bed,
  folder,
  spawn,
  program,
}: StartContext): Promise<void> {
  const config = join(folder, 'kube-proxy.json');
  const text = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: kubeconfig(folder, 'proxy') },
    mode: 'nftables',
    clusterCIDR: bed.cluster.pods,
    bindAddress: '127.0.0.1',
    nodePortAddresses: [`${bed.cluster.node1}/32`],
    // Zero: leave the limits of the kernel as they are.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
  await writeFile(config, JSON.stringify(text));
  await spawn('kube-proxy', [
    program('kube', 'kube-proxy'),
    `--config=${config}`,
    '--hostname-override=node1',
  ]);
}

const readyPort = 8181;

/** CoreDNS, beside the cluster, with rights of its own. */
export async function startNames(context: StartContext): Promise<void> {
  const { bed, folder, spawn, program, ready } = context;
  const config = join(folder, 'Corefile');
  await writeFile(
    config,
    `.:53 {
  bind ${bed.cluster.node1}
  errors
  ready ${bed.cluster.node1}:${readyPort}
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${kubeconfig(folder, 'dns')}
    pods insecure
    ttl 5
  }
  template ANY ANY . {
    rcode NXDOMAIN
  }
  cache 5
  loadbalance
}
`,
  );
  const server = await spawn('coredns', [program('coredns', 'coredns'), '-conf', config]);
  await ready('coredns', server, () => answers(`http://${bed.cluster.node1}:${readyPort}/ready`));
}
