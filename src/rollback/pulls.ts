import type { KubeObject } from '../adapters/kube/object.ts';
import { stringAt } from '../validators/manifest/read.ts';

/** What the kubelets' events of the reason `Pulled` tell; the API server keeps them for an hour. */

/** Nodes on which an image was pulled, or found to be there already. */
export function nodesWith(events: readonly KubeObject[], image: string): Set<string> {
  const own = events.filter((event) => stringAt(event, 'message')?.includes(`image "${image}" `));
  return new Set(own.flatMap((event) => stringAt(event, 'source', 'host') ?? []));
}

const pulled = /in ([\dhms.µ]+) \(.*Image size: (\d+) bytes/;

/** Bytes a second, as the kubelet's events tell them. */
export function pullRates(events: readonly KubeObject[]): number[] {
  return events.flatMap((event) => {
    const [, time = '', size = ''] = pulled.exec(stringAt(event, 'message') ?? '') ?? [];
    const seconds = goSeconds(time);
    return seconds > 0 && Number(size) > 0 ? [Number(size) / seconds] : [];
  });
}

const units = { h: 3600, m: 60, s: 1, ms: 0.001, µs: 0.000001 } as const;

/** A duration as Go prints it: `1m2.5s`, `350ms`. */
export function goSeconds(text: string): number {
  return [...text.matchAll(/([\d.]+)(h|ms|µs|m|s)/g)].reduce((sum, [, amount = '', unit = '']) => {
    const factor = Object.entries(units).find(([name]) => name === unit)?.[1] ?? 0;
    return sum + Number(amount) * factor;
  }, 0);
}
