import { objectsOf } from './kinds.ts';
import type { ManifestObject } from './load.ts';
import { oncePerSet } from './once-per-set.ts';
import { podIndex } from './pod-index.ts';
import { intOrStringAt, listAt, numberAt, type Path, stringAt, stringsAt } from './read.ts';
import type { Labels } from './selectors.ts';
import { type Container, type PodTemplate, portsOf } from './workloads.ts';

export interface ServicePort {
  readonly path: Path;
  readonly protocol: string;
  /** A name or a number; the port itself when the manifest gives no `targetPort`. */
  readonly target: string | number;
  readonly targetPath: Path;
}

/** A Service with a selector. Without one its endpoints are made by somebody else. */
export interface SelectingService {
  readonly object: ManifestObject;
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
  readonly templates: readonly PodTemplate[];
}

/** The Services that select pods, each with the pod templates of the set that it selects. */
export const selectingServices = oncePerSet((set): readonly SelectingService[] =>
  objectsOf(set, 'v1', 'Service').flatMap((object) => {
    const selector = stringsAt(object.value, 'spec', 'selector');
    // The selector of an ExternalName service is not used.
    const external = stringAt(object.value, 'spec', 'type') === 'ExternalName';
    if (selector.size === 0 || external) return [];
    const matchLabels = Object.fromEntries(selector);
    const templates = podIndex(set).select({ matchLabels }, object.namespace);
    return [{ object, selector, ports: servicePorts(object), templates }];
  }),
);

function servicePorts(object: ManifestObject): ServicePort[] {
  return listAt(object.value, 'spec', 'ports').flatMap((port, index) => {
    const path = ['spec', 'ports', index];
    const own = numberAt(port, 'port');
    const given = intOrStringAt(port, 'targetPort');
    const target = given ?? own;
    if (target === undefined) return [];
    const targetPath = [...path, given === undefined ? 'port' : 'targetPort'];
    return [{ path, protocol: stringAt(port, 'protocol') ?? 'TCP', target, targetPath }];
  });
}

/** Whether a container declares what a Service port sends traffic to. */
export function exposes(container: Container, { target, protocol }: ServicePort): boolean {
  return (
    container.longRunning &&
    portsOf(container).some(
      (port) => port.protocol === protocol && (port.name === target || port.number === target),
    )
  );
}
