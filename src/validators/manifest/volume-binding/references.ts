import { objectsOf } from '../kinds.ts';
import { oncePerSet } from '../once-per-set.ts';
import { namedAt } from '../references/reference.ts';

/** The volumes that claims name. */
export const volumeReferences = oncePerSet((set) =>
  objectsOf(set, 'v1', 'PersistentVolumeClaim').flatMap((from) =>
    namedAt(from, ['spec', 'volumeName'], {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      namespace: null,
    }),
  ),
);
