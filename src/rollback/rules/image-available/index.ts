import type { Check } from '../../../core/check.ts';
import type { ImageState, RollbackPlan } from '../../observation.ts';
import { draftOf, isBack } from '../draft.ts';

/** The images of the revision to go back to are still what they were, where nodes pull them from. */
export const check: Check<RollbackPlan> = {
  id: 'rollback/image-available',
  title: 'Images of the revision to go back to can be pulled',
  severity: 'error',
  critical: true,
  item: 'rollback',
  appliesTo: 'rollbackPlan',
  meta: {
    why: 'Registries clean up old images. A node that still has one starts it, a new node cannot, and a tag that was pushed again brings other code back than the one that ran.',
    messages: {
      missing: '{{object}}: the registry has no {{image}} any more ({{cached}})',
      'no-platform': '{{object}}: {{image}} has nothing for {{platforms}}, which nodes run on',
      moved: '{{object}}: {{image}} is {{digest}} in the registry now, and nodes have {{known}}',
    },
    remediation:
      'Push the image again from where it was built, or choose another revision with --to-revision. Name images by digest and keep those of releases that may come back.',
    bad: {
      language: 'observation',
      text: '{ "workloads": [{ "images": [{ "state": "missing", "digest": null, "cachedOn": 1 }] }] }',
      findings: [{ messageId: 'missing' }],
    },
    good: {
      language: 'observation',
      text: '{ "workloads": [{ "images": [{ "state": "available" }] }] }',
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy'],
  },
  run({ target: plan, notExamined }) {
    return plan.workloads.flatMap((workload) =>
      workload.images.flatMap((entry) => {
        const { image, state, digest, moved } = entry;
        const cached = cacheText(entry);
        if (state === 'missing') return [draftOf(workload, 'missing', { image, cached })];
        if (state === 'no-platform') {
          const platforms = entry.lacking.join(', ');
          return [draftOf(workload, 'no-platform', { image, platforms })];
        }
        if (moved !== null && digest !== null) {
          return [draftOf(workload, 'moved', { image, digest, known: moved })];
        }
        if (isBack(plan, workload)) return [];
        if (state === 'unknown') notExamined(`image ${image}`, `${entry.why} (${cached})`);
        else if (entry.nodes === 0) {
          notExamined(
            `platforms of image ${image}`,
            'the nodes of the cluster could not be listed',
          );
        }
        return [];
      }),
    );
  },
};

function cacheText({ cachedOn, nodes }: ImageState): string {
  return nodes === 0 ? 'caches of nodes not known' : `${cachedOn} of ${nodes} nodes have it`;
}
