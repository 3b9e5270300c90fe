import { objectsOfGroup } from '../kinds.ts';
import type { ManifestObject } from '../load.ts';
import { oncePerSet } from '../once-per-set.ts';
import { listAt, numberAt, type Path, stringAt } from '../read.ts';
import { namedAt, type Reference } from '../references/reference.ts';
import type { ServiceReference } from '../references/service-ports.ts';

export const gatewayGroup = 'gateway.networking.k8s.io';
const kinds = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'];

const routes = oncePerSet((set) =>
  kinds.flatMap((kind) => objectsOfGroup(set, gatewayGroup, kind)),
);

/** A Gateway that a route is attached to, and where on it. */
export interface ParentReference extends Reference {
  readonly section: string | undefined;
  readonly port: number | undefined;
  /** From the route to the parent. */
  readonly at: Path;
}

export const parentReferences = oncePerSet((set) =>
  routes(set).flatMap((from) =>
    listAt(from.value, 'spec', 'parentRefs').flatMap((parent, index): ParentReference[] => {
      const at = ['spec', 'parentRefs', index];
      const kind = stringAt(parent, 'kind') ?? 'Gateway';
      const group = stringAt(parent, 'group') ?? gatewayGroup;
      // Meshes let routes be attached to Services and other things; they are not judged here.
      if (kind !== 'Gateway' || group !== gatewayGroup) return [];
      const wanted = { apiVersion: `${group}/v1`, kind, ...namespaceOf(parent) };
      const section = stringAt(parent, 'sectionName');
      const port = numberAt(parent, 'port');
      return namedAt(from, [...at, 'name'], wanted).map((reference) => {
        return { ...reference, section, port, at };
      });
    }),
  ),
);

/** The Services that routes send traffic to: backends, and those that requests are mirrored to. */
export const backendReferences = oncePerSet((set) =>
  routes(set).flatMap((from) =>
    listAt(from.value, 'spec', 'rules').flatMap((rule, index) => {
      const at = ['spec', 'rules', index];
      return [
        ...listAt(rule, 'backendRefs').flatMap((_, place) =>
          backendAt(from, [...at, 'backendRefs', place]),
        ),
        ...listAt(rule, 'filters').flatMap((_, place) =>
          backendAt(from, [...at, 'filters', place, 'requestMirror', 'backendRef']),
        ),
      ];
    }),
  ),
);

function backendAt(from: ManifestObject, at: Path): ServiceReference[] {
  const group = stringAt(from.value, ...at, 'group') ?? '';
  const kind = stringAt(from.value, ...at, 'kind') ?? 'Service';
  if (group !== '' || kind !== 'Service') return [];
  const namespace = stringAt(from.value, ...at, 'namespace') || from.namespace;
  const port = numberAt(from.value, ...at, 'port');
  return namedAt(from, [...at, 'name'], { apiVersion: 'v1', kind, namespace }).map((reference) => {
    return { ...reference, port, portPath: [...at, 'port'] };
  });
}

function namespaceOf(holder: unknown): { readonly namespace?: string } {
  const namespace = stringAt(holder, 'namespace');
  return namespace ? { namespace } : {};
}
