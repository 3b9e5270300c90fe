import type { KubeObject } from '../../adapters/kube/kube.ts';
import { isRecord, listAt, partAt, recordAt, stringAt } from '../../validators/manifest/read.ts';
import type { Tightening } from '../../validators/runtime/observation.ts';

/** The settings by which each tightening is asked for (Kubernetes SecurityContext v1). */
const settings = {
  'read-only-root': () => ({ readOnlyRootFilesystem: true }),
  'no-capabilities': (context) => ({
    privileged: false,
    capabilities: { drop: ['ALL'] },
    ...withoutEscalation(context),
  }),
  'no-new-privileges': () => ({ privileged: false, allowPrivilegeEscalation: false }),
} as const satisfies Record<
  Tightening,
  (context: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
>;

/** What is privileged always may gain privileges, so both go together. */
function withoutEscalation({ privileged }: Readonly<Record<string, unknown>>) {
  return privileged === true ? { allowPrivilegeEscalation: false } : {};
}

/**
 * A pod of its own that is like another one, but for tighter settings of all its containers. Its claims
 * are empty folders: what two pods write into one volume may be lost.
 * @param pod as the server has it
 */
export function tightenedPod(
  pod: KubeObject,
  name: string,
  tightenings: readonly Tightening[],
): KubeObject {
  const spec = recordAt(pod, 'spec');
  const injected = new Set(listAt(spec, 'volumes').filter(isInjected).map(nameOf));
  const containers = (list: string) =>
    listAt(spec, list).map((container) => tightened(container, injected, tightenings));
  // What the scheduler, admission and the kubelet filled in is theirs to fill in.
  const own = Object.entries(spec).filter(([field]) => !filledIn.has(field));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: pod.metadata.namespace ?? '',
      annotations: pod.metadata.annotations ?? {},
    },
    spec: {
      ...Object.fromEntries(own),
      ...(listAt(spec, 'initContainers').length > 0
        ? { initContainers: containers('initContainers') }
        : {}),
      containers: containers('containers'),
      volumes: listAt(spec, 'volumes')
        .filter((volume) => !isInjected(volume))
        .map(withoutClaim),
    },
  };
}

const filledIn = new Set(['nodeName', 'ephemeralContainers', 'priority', 'preemptionPolicy']);

const nameOf = (value: unknown): string | undefined => stringAt(value, 'name');

/** The volume with which admission brings a token, and which it brings again. */
const isInjected = (volume: unknown): boolean =>
  nameOf(volume)?.startsWith('kube-api-access-') === true;

function withoutClaim(volume: unknown): unknown {
  const claim = ['persistentVolumeClaim', 'ephemeral'].some((kind) => partAt(volume, kind));
  return claim ? { name: nameOf(volume), emptyDir: {} } : volume;
}

function tightened(
  container: unknown,
  injected: ReadonlySet<string | undefined>,
  tightenings: readonly Tightening[],
): unknown {
  if (!isRecord(container)) return container;
  const context = recordAt(container, 'securityContext');
  const tighter = tightenings.map((tightening) => settings[tightening](context));
  return {
    ...container,
    volumeMounts: listAt(container, 'volumeMounts').filter((mount) => !injected.has(nameOf(mount))),
    securityContext: Object.assign({}, context, ...tighter),
  };
}
