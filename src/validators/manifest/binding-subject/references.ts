import { oncePerSet } from '../once-per-set.ts';
import { listAt, stringAt } from '../read.ts';
import { namedAt } from '../references/reference.ts';
import { bindings } from '../role-reference/references.ts';

/** The ServiceAccounts that roles are granted to. */
export const subjectReferences = oncePerSet((set) =>
  bindings(set).flatMap((from) =>
    listAt(from.value, 'subjects').flatMap((subject, index) => {
      if (stringAt(subject, 'kind') !== 'ServiceAccount') return [];
      return namedAt(from, ['subjects', index, 'name'], {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        // The server wants one; where none stands, manifests of one namespace are meant.
        namespace: stringAt(subject, 'namespace') || from.namespace,
      });
    }),
  ),
);
