import type { Path } from '../../validators/manifest/read.ts';
import { podSpecPath } from '../object-id.ts';
import type { RewriteRule } from './editor.ts';

const containerLists = ['initContainers', 'containers'] as const;

/** Ports of the node, which a pod of production has. */
export const hostPorts: RewriteRule = (edit) => {
  const spec = podSpecPath(edit.kind);
  if (!spec) return;
  for (const list of containerLists) {
    for (const index of edit.indexes(...spec, list)) {
      for (const port of edit.indexes(...spec, list, index, 'ports')) {
        const path = [...spec, list, index, 'ports', port, 'hostPort'];
        edit.drop(path, 'a port of the node is taken by the pod it was given to');
      }
    }
  }
};

/** Images that were named for the sandbox; the rest stays as it is. */
export const images: RewriteRule = (edit, { images: chosen }) => {
  const spec = podSpecPath(edit.kind);
  if (!spec || chosen.size === 0) return;
  for (const list of containerLists) {
    for (const index of edit.indexes(...spec, list)) {
      const path = [...spec, list, index, 'image'];
      const to = chosen.get(imageName(String(edit.at(...path))));
      if (to !== undefined) edit.set(path, to, 'chosen for the sandbox');
    }
  }
};

const scaled = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'];

/** Fewer pods than production has, where that was asked for. */
export const replicas: RewriteRule = (edit, { replicas: most }) => {
  if (most === undefined) return;
  const paths = scaled.includes(edit.kind)
    ? [['spec', 'replicas']]
    : edit.kind === 'HorizontalPodAutoscaler'
      ? [
          ['spec', 'minReplicas'],
          ['spec', 'maxReplicas'],
        ]
      : [];
  for (const path of paths) {
    if (Number(edit.at(...path)) > most) edit.set(path, most, 'scaled down for the sandbox');
  }
};

/** The reference without tag and digest. */
function imageName(reference: string): string {
  return reference.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
}

/** A CronJob that fires would do production's work twice. */
export const cronJobs: RewriteRule = (edit) => {
  if (edit.kind !== 'CronJob') return;
  edit.set(['spec', 'suspend'], true, 'nothing is to start by the clock');
};

/** Claims are made anew: a volume of production is never mounted. */
export const claims: RewriteRule = (edit) => {
  const why = 'a volume of production is never used';
  const paths: Path[] =
    edit.kind === 'PersistentVolumeClaim'
      ? [[]]
      : edit
          .indexes('spec', 'volumeClaimTemplates')
          .map((index): Path => ['spec', 'volumeClaimTemplates', index]);
  for (const path of paths) {
    edit.drop([...path, 'spec', 'volumeName'], why);
    for (const name of bindingAnnotations)
      edit.drop([...path, 'metadata', 'annotations', name], why);
  }
};

const bindingAnnotations = [
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  'volume.kubernetes.io/selected-node',
];
