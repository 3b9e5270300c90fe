import { objectsOfGroup } from '../kinds.ts';
import { oncePerSet } from '../once-per-set.ts';
import { stringAt } from '../read.ts';
import { namedAt } from '../references/reference.ts';

const rbac = 'rbac.authorization.k8s.io';

/** The objects that grant roles. */
export const bindings = oncePerSet((set) =>
  ['RoleBinding', 'ClusterRoleBinding'].flatMap((kind) => objectsOfGroup(set, rbac, kind)),
);

/** The roles that are granted: a Role of the binding's own namespace, or a ClusterRole. */
export const roleReferences = oncePerSet((set) =>
  bindings(set).flatMap((from) => {
    const kind = stringAt(from.value, 'roleRef', 'kind');
    if (kind !== 'Role' && kind !== 'ClusterRole') return [];
    return namedAt(from, ['roleRef', 'name'], {
      apiVersion: `${rbac}/v1`,
      kind,
      namespace: kind === 'Role' ? from.namespace : null,
    });
  }),
);
