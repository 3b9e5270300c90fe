import { type JsonObject, objectOf, objectsOf, textOf, textsOf } from '../../core/json.ts';
import type { Connection } from './connection.ts';
import { failed } from './faults.ts';
import type { Discovery, KindRef, Resource } from './object.ts';
import { read } from './request.ts';

/** Every group in one answer: v2 since Kubernetes 1.30, v2beta1 since 1.26. */
const accept = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(',');

export interface Resources {
  /** Asks the server. */
  all(signal: AbortSignal): Promise<Discovery>;
  /** From what is known; asks when the kind is not. @throws Fault `cluster-failed` */
  find(ref: KindRef, signal: AbortSignal): Promise<Resource | undefined>;
}

export function resourcesOf(connection: Connection): Resources {
  let known = new Map<string, Resource>();

  const all = async (signal: AbortSignal): Promise<Discovery> => {
    const lists = await Promise.all(
      ['/api', '/apis'].map(async (path) => {
        const list = objectOf(await read(connection, { path, headers: { accept } }, signal));
        if (list?.kind === 'APIGroupDiscoveryList') return parseDiscovery(list);
        throw failed(
          connection.target,
          { method: 'GET', path },
          'does not list its kinds the way Kubernetes 1.26 and newer do',
        );
      }),
    );
    const discovery = {
      resources: lists.flatMap(({ resources }) => resources),
      unavailable: lists.flatMap(({ unavailable }) => unavailable),
    };
    known = new Map(discovery.resources.map((resource) => [keyOf(resource), resource]));
    return discovery;
  };

  return {
    all,
    async find(ref, signal) {
      const found = known.get(keyOf(ref));
      if (found) return found;
      const { unavailable } = await all(signal);
      const fresh = known.get(keyOf(ref));
      if (fresh === undefined && unavailable.includes(ref.apiVersion)) {
        throw failed(
          connection.target,
          { method: 'GET', path: '/apis' },
          `cannot say whether it serves ${ref.kind}: the API ${ref.apiVersion} behind it does not answer`,
        );
      }
      return fresh;
    },
  };
}

const keyOf = ({ apiVersion, kind }: KindRef): string => `${apiVersion} ${kind}`;

/** An APIGroupDiscoveryList (apidiscovery.k8s.io); versions come in the order of preference. */
export function parseDiscovery(list: JsonObject): Discovery {
  const resources: Resource[] = [];
  const unavailable: string[] = [];
  for (const item of objectsOf(list.items)) {
    const group = textOf(objectOf(item.metadata)?.name) ?? '';
    const preferred = new Set<string>();
    for (const entry of objectsOf(item.versions)) {
      const version = textOf(entry.version) ?? '';
      const apiVersion = group === '' ? version : `${group}/${version}`;
      if (entry.freshness === 'Stale') unavailable.push(apiVersion);
      for (const resource of objectsOf(entry.resources)) {
        const kind = textOf(objectOf(resource.responseKind)?.kind);
        const name = textOf(resource.resource) ?? '';
        // An entry without kind only holds subresources of an object that is served elsewhere.
        if (!kind) continue;
        resources.push({
          apiVersion,
          group,
          version,
          kind,
          name,
          namespaced: resource.scope === 'Namespaced',
          verbs: textsOf(resource.verbs) ?? [],
          subresources: objectsOf(resource.subresources).map((sub) => String(sub.subresource)),
          preferred: !preferred.has(name),
        });
        preferred.add(name);
      }
    }
  }
  return { resources, unavailable };
}

/** The path of a resource, or of one object of it. */
export function pathOf(
  { group, version, name: plural, namespaced }: Resource,
  namespace: string | undefined,
  name?: string,
  subresource?: string,
): string {
  return [
    group === '' ? `/api/${version}` : `/apis/${group}/${version}`,
    ...(namespaced && namespace !== undefined ? ['namespaces', namespace] : []),
    plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ]
    .map((segment, at) => (at === 0 ? segment : encodeURIComponent(segment)))
    .join('/');
}
