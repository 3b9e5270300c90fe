import { objectsOf } from '../kinds.ts';
import type { ManifestObject } from '../load.ts';
import { oncePerSet } from '../once-per-set.ts';
import { listAt, numberAt, type Path, stringAt } from '../read.ts';
import { namedAt, type Reference } from '../references/reference.ts';
import type { ServiceReference } from '../references/service-ports.ts';

/**
 * The port name by which the AWS Load Balancer Controller reads an action from an annotation: the
 * Service of such a backend is none.
 */
const actionPort = 'use-annotation';

/** The Services that Ingresses send requests to. */
export const serviceBackends = oncePerSet((set) =>
  backends(set).flatMap(({ from, at }): ServiceReference[] => {
    const path = [...at, 'service'];
    const name = stringAt(from.value, ...path, 'port', 'name');
    const port = name ?? numberAt(from.value, ...path, 'port', 'number');
    if (port === actionPort) return [];
    const portPath = [...path, 'port', name === undefined ? 'number' : 'name'];
    const wanted = { apiVersion: 'v1', kind: 'Service' };
    return namedAt(from, [...path, 'name'], wanted).map((reference) => ({
      ...reference,
      port,
      portPath,
    }));
  }),
);

/** Backends that are other objects than Services. */
export const resourceBackends = oncePerSet((set) =>
  backends(set).flatMap(({ from, at }): readonly Reference[] => {
    const path = [...at, 'resource'];
    const group = stringAt(from.value, ...path, 'apiGroup');
    const kind = stringAt(from.value, ...path, 'kind') ?? '';
    // Any version will do, and which there are only the server knows.
    return namedAt(from, [...path, 'name'], { apiVersion: group ? `${group}/v1` : 'v1', kind });
  }),
);

const backends = oncePerSet((set) =>
  objectsOf(set, 'networking.k8s.io/v1', 'Ingress').flatMap((from) => [
    { from, at: ['spec', 'defaultBackend'] },
    ...listAt(from.value, 'spec', 'rules').flatMap((rule, index) =>
      listAt(rule, 'http', 'paths').map((_, place) => ({
        from,
        at: ['spec', 'rules', index, 'http', 'paths', place, 'backend'],
      })),
    ),
  ]),
) satisfies (set: { objects: readonly ManifestObject[] }) => readonly {
  from: ManifestObject;
  at: Path;
}[];
