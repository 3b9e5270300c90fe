import type { Kube, KubeObject } from '../adapters/kube/kube.ts';
import { Fault } from '../core/fault.ts';
import { quantityOf } from '../validators/manifest/quantity.ts';
import { listAt, numberAt, partAt, stringAt } from '../validators/manifest/read.ts';
import { concurrently } from './concurrently.ts';
import type { ContainerUsage } from './observed-parts.ts';
import { pause } from './until.ts';
import type { LiveWorld, World } from './world.ts';

/** Milliseconds; the kubelet measures about every ten seconds. */
const everyMs = 5000;

export interface Usage {
  readonly containers: readonly ContainerUsage[];
  /** Why nothing could be measured; null when something was. */
  readonly unavailable: string | null;
}

/**
 * Samples what the containers of the sandbox use, at the beginning, every few seconds and at the end.
 * @param until ends it
 */
export async function measureUsage(
  kube: Kube,
  sandbox: string,
  world: LiveWorld,
  { until, signal }: { readonly until: AbortSignal; readonly signal: AbortSignal },
): Promise<Usage> {
  const most = new Map<string, ContainerUsage>();
  for (;;) {
    let summaries: readonly unknown[];
    try {
      const nodes = nodesOf(world.current());
      summaries = await concurrently(nodes, 4, (node) =>
        kube.raw(`/api/v1/nodes/${encodeURIComponent(node)}/proxy/stats/summary`, signal),
      );
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { containers: [...most.values()], unavailable: error.message };
    }
    for (const usage of usageOf(summaries, sandbox, world.current())) {
      const key = `${usage.pod}/${usage.container}`;
      const known = most.get(key);
      most.set(key, {
        ...usage,
        cpuCores: Math.max(usage.cpuCores, known?.cpuCores ?? 0),
        memoryBytes: Math.max(usage.memoryBytes, known?.memoryBytes ?? 0),
        samples: (known?.samples ?? 0) + 1,
      });
    }
    if (until.aborted) break;
    // One more sample when the time is over.
    await pause(everyMs, AbortSignal.any([until, signal])).catch(() => signal.throwIfAborted());
  }
  const throttled = await throttling(kube, sandbox, nodesOf(world.current()), signal);
  const containers = [...most].map(([key, usage]) => {
    const alone = [...most.values()].filter(({ pod }) => pod === usage.pod).length === 1;
    const share = throttled.get(key) ?? (alone ? throttled.get(`${usage.pod}/`) : undefined);
    return { ...usage, throttledShare: share ?? null };
  });
  containers.sort((a, b) => (a.pod < b.pod ? -1 : 1));
  const unavailable = containers.length === 0 ? 'the nodes have measured nothing yet' : null;
  return { containers, unavailable };
}

/** Of the metrics of cAdvisor in each kubelet; nothing where they may not be read. */
async function throttling(
  kube: Kube,
  sandbox: string,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  try {
    const texts = await concurrently(nodes, 4, (node) =>
      kube.text(`/api/v1/nodes/${encodeURIComponent(node)}/proxy/metrics/cadvisor`, signal),
    );
    return throttledShares(texts.join('\n'), sandbox);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return new Map();
  }
}

const periods = /^container_cpu_cfs_(throttled_)?periods_total\{([^}]*)\} (\d+)/gm;

/** By `pod/container`, and by `pod/` for all of a pod's together. @param text in the exposition format of Prometheus */
export function throttledShares(text: string, sandbox: string): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  const held = new Map<string, number>();
  for (const [, throttled, labels = '', value] of text.matchAll(periods)) {
    const label = (name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1];
    const [container, pod] = [label('container'), label('pod')];
    if (label('namespace') !== sandbox || container === undefined || !pod) continue;
    (throttled ? held : all).set(`${pod}/${container}`, Number(value));
  }
  const counted = [...all].filter(([, count]) => count > 0);
  return new Map(counted.map(([key, count]) => [key, (held.get(key) ?? 0) / count]));
}

function nodesOf({ objects }: World): string[] {
  const names = [...objects.values()].flatMap((object) =>
    object.kind === 'Pod' ? (stringAt(object, 'spec', 'nodeName') ?? []) : [],
  );
  return [...new Set(names)].sort();
}

/** From the kubelet's summaries (k8s.io/kubelet/pkg/apis/stats/v1alpha1). */
export function usageOf(
  summaries: readonly unknown[],
  sandbox: string,
  { objects }: World,
): ContainerUsage[] {
  const pods = new Map(
    [...objects.values()].flatMap((object): [string, KubeObject][] =>
      object.kind === 'Pod' ? [[object.metadata.name, object]] : [],
    ),
  );
  return summaries
    .flatMap((summary) => listAt(summary, 'pods'))
    .filter((entry) => stringAt(entry, 'podRef', 'namespace') === sandbox)
    .flatMap((entry) => {
      const pod = stringAt(entry, 'podRef', 'name') ?? '';
      return listAt(entry, 'containers').map((container): ContainerUsage => {
        const name = stringAt(container, 'name') ?? '';
        return {
          pod,
          container: name,
          cpuCores: (numberAt(container, 'cpu', 'usageNanoCores') ?? 0) / 1e9,
          memoryBytes: numberAt(container, 'memory', 'workingSetBytes') ?? 0,
          memoryLimitBytes: limitOf(pods.get(pod), name),
          throttledShare: null,
          samples: 1,
        };
      });
    });
}

function limitOf(pod: KubeObject | undefined, container: string): number | null {
  const spec = listAt(pod, 'spec', 'containers').find(
    (entry) => stringAt(entry, 'name') === container,
  );
  return quantityOf(partAt(spec, 'resources', 'limits', 'memory')) ?? null;
}
