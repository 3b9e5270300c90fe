import type { KubeObject } from '../adapters/kube/kube.ts';
import { intOrStringAt, listAt, partAt, recordAt, stringAt } from '../validators/manifest/read.ts';
import { isTrueCondition } from './object-id.ts';
import type { PlannedObject } from './plan.ts';
import type { World } from './world.ts';

export interface Place {
  readonly pod: string;
  readonly port: number;
  /** `https` where a probe of the pod asks that port so, or its name says so. */
  readonly scheme: 'http' | 'https';
}

/** A pod and its port for the service; otherwise, in words, why there is none. */
export function placeOf(
  service: string,
  inside: readonly PlannedObject[],
  world: World,
): Place | string {
  const found = behind(service, inside, world);
  if (typeof found === 'string') return found;
  const { object, pods } = found;
  const pod = pods.find((candidate) => isTrueCondition(candidate, 'Ready'));
  if (!pod) return `no pod behind Service/${object.metadata.name} is ready`;
  const port = portOf(object, pod);
  if (port === undefined) {
    return `Service/${object.metadata.name} names a port that the pod does not have`;
  }
  return { pod: pod.metadata.name, port, scheme: schemeOf(pod, port) };
}

/** The pods for the service; otherwise, in words, why there are none. */
export function podsBehind(
  service: string,
  inside: readonly PlannedObject[],
  world: World,
): readonly KubeObject[] | string {
  const found = behind(service, inside, world);
  if (typeof found === 'string') return found;
  const { object, pods } = found;
  return pods.length > 0 ? pods : `no pod is behind Service/${object.metadata.name}`;
}

function behind(
  service: string,
  inside: readonly PlannedObject[],
  world: World,
): { readonly object: KubeObject; readonly pods: readonly KubeObject[] } | string {
  const tagged = inside.filter((planned) => planned.service === service);
  const candidates = tagged.length > 0 ? tagged : inside;
  const services = candidates.filter(
    ({ object }) => object.kind === 'Service' && Object.keys(selectorOf(object)).length > 0,
  );
  const named = services.find(({ object }) => object.metadata.name === service);
  const chosen = named ?? (tagged.length > 0 ? services[0] : undefined);
  if (!chosen) return `the release has no Service with a selector for '${service}'`;
  const pods = [...world.objects.values()].filter(
    (object) => object.kind === 'Pod' && selects(selectorOf(chosen.object), object),
  );
  return { object: chosen.object, pods };
}

const selectorOf = (object: KubeObject) => recordAt(object, 'spec', 'selector');

function selects(selector: Readonly<Record<string, unknown>>, { metadata }: KubeObject): boolean {
  return Object.entries(selector).every(([key, value]) => metadata.labels?.[key] === value);
}

/** The container port behind the first port that speaks HTTP by its name, or behind the first. */
function portOf(service: KubeObject, pod: KubeObject): number | undefined {
  const ports = listAt(service, 'spec', 'ports').filter(
    (port) => (stringAt(port, 'protocol') ?? 'TCP') === 'TCP',
  );
  const chosen = ports.find((port) => /^(http|web)/.test(stringAt(port, 'name') ?? '')) ?? ports[0];
  const target = intOrStringAt(chosen, 'targetPort') ?? intOrStringAt(chosen, 'port');
  if (typeof target === 'number') return target;
  const declared = listAt(pod, 'spec', 'containers')
    .flatMap((container) => listAt(container, 'ports'))
    .find((port) => stringAt(port, 'name') === target);
  const number = partAt(declared, 'containerPort');
  return typeof number === 'number' ? number : undefined;
}

function schemeOf(pod: KubeObject, port: number): Place['scheme'] {
  const containers = listAt(pod, 'spec', 'containers');
  const own = containers
    .flatMap((container) => listAt(container, 'ports'))
    .find((entry) => partAt(entry, 'containerPort') === port);
  const name = stringAt(own, 'name');
  const probed = containers.some((container) =>
    ['readinessProbe', 'livenessProbe', 'startupProbe'].some((probe) => {
      const asked = recordAt(container, probe, 'httpGet');
      const same = asked.port === port || (name !== undefined && asked.port === name);
      return same && asked.scheme === 'HTTPS';
    }),
  );
  return probed || name?.startsWith('https') ? 'https' : 'http';
}
