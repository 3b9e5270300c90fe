import { oncePerSet } from '../once-per-set.ts';
import { listAt, stringAt } from '../read.ts';
import { namedAt } from '../references/reference.ts';
import { podTemplates } from '../workloads.ts';

/**
 * The claims that pods mount by name. The claim templates of a StatefulSet stand in for volumes of their
 * name (pkg/controller/statefulset, updateStorage).
 */
export const claimReferences = oncePerSet((set) =>
  podTemplates(set).flatMap(({ object, spec, specPath }) => {
    const replaced = listAt(object.value, 'spec', 'volumeClaimTemplates').map((template) =>
      stringAt(template, 'metadata', 'name'),
    );
    return listAt(spec, 'volumes').flatMap((volume, index) => {
      if (object.kind === 'StatefulSet' && replaced.includes(stringAt(volume, 'name'))) return [];
      return namedAt(
        object,
        [...specPath, 'volumes', index, 'persistentVolumeClaim', 'claimName'],
        { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
      );
    });
  }),
);
