import type { KubeObject } from '../adapters/kube/object.ts';
import { listAt, numberAt, stringAt } from '../validators/manifest/read.ts';

/** Restarts of all containers; a sidecar counts, an init container that ended does not. */
export function restartsOf(pod: KubeObject): number {
  return listAt(pod, 'status', 'containerStatuses').reduce<number>(
    (sum, status) => sum + (numberAt(status, 'restartCount') ?? 0),
    0,
  );
}

/** What runs, by container: the digest that the runtime pulled or, where it tells none, its image id. */
export function digestsOf(pods: readonly KubeObject[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const status of pods.flatMap((pod) => listAt(pod, 'status', 'containerStatuses'))) {
    const name = stringAt(status, 'name') ?? '';
    const id = stringAt(status, 'imageID') ?? '';
    const digest = id.split('@').at(-1) ?? id;
    const known = found[name] ?? [];
    found[name] = known.includes(digest) ? known : [...known, digest].sort();
  }
  return found;
}

/** Why the first container that does not run does not, in the kubelet's words. */
export function troubleOf(pod: KubeObject): string | undefined {
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap((list) =>
    listAt(pod, 'status', list),
  );
  for (const status of statuses) {
    const waiting = stringAt(status, 'state', 'waiting', 'reason');
    if (waiting === undefined || waiting === 'ContainerCreating' || waiting === 'PodInitializing') {
      continue;
    }
    const message = stringAt(status, 'state', 'waiting', 'message') ?? '';
    const container = stringAt(status, 'name') ?? '';
    return `pod ${pod.metadata.name}, container ${container}: ${waiting}${message && `: ${message}`}`;
  }
  const scheduled = listAt(pod, 'status', 'conditions').find(
    (entry) => stringAt(entry, 'type') === 'PodScheduled' && stringAt(entry, 'status') === 'False',
  );
  if (scheduled)
    return `pod ${pod.metadata.name}: ${stringAt(scheduled, 'message') ?? 'not scheduled'}`;
  return undefined;
}
