import type { KubeObject } from '../adapters/kube/object.ts';
import { numberAt, partAt } from '../validators/manifest/read.ts';
import { type Judged, judgeControllerRevision, judgeReplicaSet } from './judge.ts';
import type { Revision } from './observation.ts';
import { imagesOf, type PodTemplate, plainTemplate, templateDigest } from './template.ts';
import type { WorkloadObjects } from './workload.ts';

/** A revision with what going back to it would write. */
export interface KnownRevision extends Revision {
  readonly podTemplate: PodTemplate;
}

/** That a template of a workload was seen healthy by an earlier run. */
export interface Proof {
  /** UID of the workload. */
  readonly workload: string;
  readonly template: string;
  /** RFC 3339. */
  readonly seenAt: string;
}

const annotations = {
  revision: 'deployment.kubernetes.io/revision',
  history: 'deployment.kubernetes.io/revision-history',
  cause: 'kubernetes.io/change-cause',
} as const;

/** Every revision of a workload, oldest first. */
export function revisionsOf(
  objects: WorkloadObjects,
  proofs: readonly Proof[] = [],
): readonly KnownRevision[] {
  const { workload, histories } = objects;
  const current = templateDigest(plainTemplate(partAt(workload, 'spec', 'template')));
  const read = histories.map((history) => ({ history, revision: revisionOf(history, current) }));
  const ordered = read.toSorted((a, b) => a.revision.number - b.revision.number);
  return ordered.map(({ history, revision }): KnownRevision => {
    const judged =
      workload.kind === 'Deployment'
        ? judgeReplicaSet(objects, history, revision, ordered)
        : judgeControllerRevision(objects, history, revision);
    return { ...revision, ...(judged.health === 'healthy' ? judged : recalled(judged, revision)) };
  });

  function recalled(judged: Judged, { template }: Revision): Judged {
    const proof = proofs.find(
      (entry) => entry.workload === workload.metadata.uid && entry.template === template,
    );
    if (!proof) return judged;
    return { health: 'healthy', healthBy: `an earlier run saw it healthy at ${proof.seenAt}` };
  }
}

function revisionOf(history: KubeObject, current: string): KnownRevision {
  const { metadata } = history;
  const path = history.kind === 'ControllerRevision' ? ['data', 'spec'] : ['spec'];
  const podTemplate = plainTemplate(partAt(history, ...path, 'template'));
  const template = templateDigest(podTemplate);
  const noted = metadata.annotations ?? {};
  return {
    number: numberAt(history, 'revision') ?? Number(noted[annotations.revision] ?? 0),
    name: metadata.name,
    uid: metadata.uid ?? '',
    template,
    images: imagesOf(podTemplate),
    created: metadata.creationTimestamp ?? '',
    earlier: (noted[annotations.history] ?? '').split(',').filter(Boolean).map(Number),
    changeCause: noted[annotations.cause] ?? null,
    health: 'unknown',
    healthBy: '',
    current: template === current,
    podTemplate,
  };
}
