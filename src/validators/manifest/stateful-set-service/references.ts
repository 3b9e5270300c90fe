import { objectsOf } from '../kinds.ts';
import { oncePerSet } from '../once-per-set.ts';
import { namedAt } from '../references/reference.ts';

/** The Services that give pods of StatefulSets their names. */
export const governingServices = oncePerSet((set) =>
  objectsOf(set, 'apps/v1', 'StatefulSet').flatMap((from) =>
    namedAt(from, ['spec', 'serviceName'], { apiVersion: 'v1', kind: 'Service' }),
  ),
);
