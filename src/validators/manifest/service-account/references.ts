import { oncePerSet } from '../once-per-set.ts';
import { stringAt } from '../read.ts';
import { namedAt } from '../references/reference.ts';
import { podTemplates } from '../workloads.ts';

/** The ServiceAccounts that pods run as; `serviceAccount` is the older name of the field. */
export const accountReferences = oncePerSet((set) =>
  podTemplates(set).flatMap(({ object, spec, specPath }) => {
    const field = stringAt(spec, 'serviceAccountName') ? 'serviceAccountName' : 'serviceAccount';
    return namedAt(object, [...specPath, field], { apiVersion: 'v1', kind: 'ServiceAccount' });
  }),
);
