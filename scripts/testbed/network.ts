import type { ProcessId } from './processes.ts';
import { run, runInside } from './sandbox.ts';

export interface Link {
  /** The device on the host; the one inside is `eth0`. */
  readonly name: string;
  readonly hostAddress: string;
  readonly insideAddresses: readonly string[];
  /** Networks behind it, which the host reaches through the first address inside. */
  readonly behind: readonly string[];
}

/** A link between the host and the network of a sandbox. It ends with the sandbox. */
export async function linkHost(init: ProcessId, link: Link): Promise<void> {
  const inside = (command: string) => runInside(init, command.split(' '));
  const host = (command: string) => run('ip', command.split(' '));
  await host(`link add ${link.name} type veth peer name eth0 netns ${init.pid}`);
  await host(`addr add ${link.hostAddress} dev ${link.name}`);
  await host(`link set ${link.name} up`);
  for (const address of link.insideAddresses) await inside(`ip addr add ${address} dev eth0`);
  await inside('ip link set lo up');
  await inside('ip link set eth0 up');
  await inside('sysctl -qw net.ipv4.ip_forward=1');
  const [gateway = ''] = (link.insideAddresses[0] ?? '').split('/');
  for (const network of link.behind) await host(`route add ${network} via ${gateway}`);
}
