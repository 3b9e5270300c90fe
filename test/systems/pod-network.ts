import { readdir, readFile } from 'node:fs/promises';
import { run } from '../../scripts/testbed/sandbox.ts';

export interface Impairment {
  /** Milliseconds added to what the pod sends. */
  readonly delayMs?: number;
  /** Of a hundred packets that arrive, how many are dropped. */
  readonly lossPercent?: number;
  /** Kilobits per second the pod may send. */
  readonly rateKbit?: number;
}

const device = 'eth0';
const table = 'testbed';

/** Whether the kernel can delay packets (CONFIG_NET_SCH_NETEM). */
export async function canDelay(containerId: string): Promise<boolean> {
  const inPod = await enterPod(containerId);
  try {
    await inPod(`tc qdisc add dev ${device} root netem delay 1ms`);
    await inPod(`tc qdisc del dev ${device} root`);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes the network of one pod worse, from within the pod's own name space: what other pods and the
 * host see of each other is untouched. Loss by nftables, rate by a token bucket, delay by netem.
 *
 * @param containerId of one of the pod's containers, as its status gives it (`containerd://…`)
 * @throws Problem where the kernel lacks what is asked for
 */
export async function impairPod(
  containerId: string,
  { delayMs, lossPercent, rateKbit }: Impairment,
): Promise<AsyncDisposable> {
  const inPod = await enterPod(containerId);
  if (delayMs !== undefined)
    await inPod(`tc qdisc replace dev ${device} root netem delay ${delayMs}ms`);
  if (rateKbit !== undefined) {
    await inPod(
      `tc qdisc replace dev ${device} root tbf rate ${rateKbit}kbit burst 16kb latency 500ms`,
    );
  }
  if (lossPercent !== undefined) {
    await inPod(`nft add table inet ${table}`);
    await inPod(`nft add chain inet ${table} in { type filter hook input priority 0 ; }`);
    const which = lossPercent < 100 ? `numgen random mod 100 < ${lossPercent} ` : '';
    await inPod(`nft add rule inet ${table} in ${which}drop`);
  }
  return {
    async [Symbol.asyncDispose]() {
      if (delayMs !== undefined || rateKbit !== undefined) {
        await inPod(`tc qdisc del dev ${device} root`);
      }
      if (lossPercent !== undefined) await inPod(`nft delete table inet ${table}`);
    },
  };
}

async function enterPod(containerId: string): Promise<(command: string) => Promise<string>> {
  const pid = await processOf(containerId.replace(/^.*:\/\//, ''));
  return (command) => run('nsenter', [`--target=${pid}`, '--net', '--', ...command.split(' ')]);
}

/** A process of the container, found by its control group. */
async function processOf(id: string): Promise<number> {
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const cgroups = await readFile(`/proc/${entry}/cgroup`, 'utf8').catch(() => '');
    if (cgroups.includes(id)) return Number(entry);
  }
  throw new Error(`no process belongs to the container ${id}`);
}
