/** What of a node a hostPath shows. */
export type Place = 'socket' | 'system' | 'node';

/** Where container runtimes listen, as kubelet and runtimes default to it; on Windows, pipes. */
const sockets = new Set([
  '/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/run/podman/podman.sock',
  '/run/cri-dockerd.sock',
  '/run/k3s/containerd/containerd.sock',
  '//./pipe/docker_engine',
  '//./pipe/containerd-containerd',
]);

/** Folders with sockets, devices or trees of the system in them; what else lies there does not count. */
const holders = new Set(['/', '/dev', '/etc', '/run', '/var', '/var/lib', 'c:']);

/** Trees that node, kubelet or control plane are run from. */
const trees = [
  '/bin',
  '/boot',
  '/etc/cni',
  '/etc/cron.d',
  '/etc/kubernetes',
  '/etc/systemd',
  '/lib',
  '/lib64',
  '/opt/cni',
  '/proc',
  '/root',
  '/run/containerd',
  '/run/crio',
  '/sbin',
  '/sys',
  '/usr',
  '/var/lib/containerd',
  '/var/lib/containers',
  '/var/lib/docker',
  '/var/lib/etcd',
  '/var/lib/kubelet',
  'c:/windows',
];

/** The place that a path on a node, Linux or Windows, leads to. */
export function placeOf(hostPath: string): Place {
  const path = normalised(hostPath);
  if (sockets.has(path)) return 'socket';
  const isSystem =
    holders.has(path) || trees.some((tree) => path === tree || path.startsWith(`${tree}/`));
  return isSystem ? 'system' : 'node';
}

/** `/var/run` is a link to `/run` on every node of today. */
function normalised(path: string): string {
  const forward = path.startsWith('/') ? path : path.replaceAll('\\', '/').toLowerCase();
  const isPipe = forward.startsWith('//./');
  const single = isPipe ? forward : forward.replaceAll(/\/{2,}/g, '/');
  const bare = single.length > 1 ? single.replace(/\/$/, '') : single;
  return /^\/var\/run(?:\/|$)/.test(bare) ? bare.slice('/var'.length) : bare;
}
