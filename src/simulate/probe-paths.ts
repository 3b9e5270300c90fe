import { isRecord, listAt, partAt, stringAt } from '../validators/manifest/read.ts';
import { idOf, podSpecPath } from './object-id.ts';
import type { UndeclaredPath } from './observation.ts';
import type { SimulateRequest } from './request.ts';

const kinds = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;

/** The HTTP probes of the release that ask for none of the health paths declared for its service. */
export function undeclaredPaths({
  objects,
  health,
}: Pick<SimulateRequest, 'objects' | 'health'>): UndeclaredPath[] {
  return objects.flatMap((object) => {
    const own = health.filter(
      ({ service, probes }) => service === object.service && probes.length > 0,
    );
    const declared = (own.length > 0 ? own : health).flatMap(({ probes }) =>
      probes.map(({ path }) => path),
    );
    const spec = podSpecPath(stringAt(object.value, 'kind') ?? '');
    if (spec === undefined || declared.length === 0) return [];
    return listAt(object.value, ...spec, 'containers').flatMap((container, at) =>
      kinds.flatMap((probe): UndeclaredPath[] => {
        const request = partAt(container, probe, 'httpGet');
        // With `host` the probe asks another machine than the pod.
        if (!isRecord(request) || request.host) return [];
        const path = stringAt(request, 'path') ?? '/';
        const [asked = ''] = path.split('?');
        if (declared.includes(path) || declared.includes(asked)) return [];
        const place = object.locate?.([...spec, 'containers', at, probe, 'httpGet', 'path']);
        const name = stringAt(container, 'name') ?? '';
        return [
          { object: idOf(object), container: name, probe, path, place: place ?? null, declared },
        ];
      }),
    );
  });
}
