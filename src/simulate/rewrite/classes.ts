import type { Path } from '../../validators/manifest/read.ts';
import { podSpecPath } from '../object-id.ts';
import type { RewriteRule } from './editor.ts';

/** Cluster-scoped kinds that others name, and by which field. */
export const classKinds = ['StorageClass', 'PriorityClass', 'RuntimeClass'] as const;
export type ClassKind = (typeof classKinds)[number];

/** Classes that come with the release are not made; what names them gets the default of the cluster. */
export const classes: RewriteRule = (edit, { newClasses }) => {
  const forget = (kind: ClassKind, path: Path): void => {
    const name = edit.at(...path);
    if (typeof name !== 'string' || !newClasses?.has(`${kind}/${name}`)) return;
    edit.drop(path, `${kind}/${name} comes with the release and is not in the cluster yet`);
  };
  const claims: Path[] = edit.kind === 'PersistentVolumeClaim' ? [[]] : [];
  for (const index of edit.indexes('spec', 'volumeClaimTemplates')) {
    claims.push(['spec', 'volumeClaimTemplates', index]);
  }
  for (const path of claims) forget('StorageClass', [...path, 'spec', 'storageClassName']);
  const spec = podSpecPath(edit.kind);
  if (!spec) return;
  forget('PriorityClass', [...spec, 'priorityClassName']);
  forget('RuntimeClass', [...spec, 'runtimeClassName']);
};
