import { labelIndex } from './label-index.ts';
import { oncePerSet } from './once-per-set.ts';
import { podTemplates } from './workloads.ts';

/** The pods of the set, by their labels. */
export const podIndex = oncePerSet((set) =>
  labelIndex(podTemplates(set), ({ labels, object }) => ({
    labels,
    namespace: object.namespace,
  })),
);
