import type { Check } from '../../../core/check.ts';
import { Fault } from '../../../core/fault.ts';
import type { Draft } from '../../../core/finding.ts';
import type { DryRun, RollbackPlan, WorkloadPlan } from '../../observation.ts';
import { draftOf, isBack, objectName } from '../draft.ts';

/** The API server would take the change, its controller would act on it, and nobody would undo it. */
export const check: Check<RollbackPlan> = {
  id: 'rollback/accepted',
  title: 'The cluster would carry the rollback out',
  severity: 'error',
  critical: true,
  item: 'rollback',
  appliesTo: 'rollbackPlan',
  meta: {
    why: 'Quota, Pod Security and webhooks may have changed since the old release ran; a paused workload takes a change and does nothing with it; a GitOps controller ships the bad version again.',
    messages: {
      refused: '{{object}}: the server refuses the {{request}}: {{message}}',
      held: '{{object}}: {{why}}, so a changed template is not rolled out',
      stuck:
        '{{object}}: {{pods}} never became ready, and a StatefulSet does not replace such a pod by itself',
      owned: '{{object}} belongs to {{owner}}, which will ship the release again',
      busy: '{{object}}: the last rollout is not over: {{why}}',
      autoscaled:
        '{{object}} has {{replicas}} replicas now; {{autoscaler}} keeps it between {{min}} and {{max}}',
    },
    remediation:
      'Mend what the message names before going back: resume the workload, suspend the automatic sync, make room in the quota; --delete-stuck deletes the pods that hold a StatefulSet up.',
    bad: {
      language: 'observation',
      text: '{ "workloads": [{ "held": "it is paused" }] }',
      findings: [{ messageId: 'held' }],
    },
    good: {
      language: 'observation',
      text: '{ "workloads": [{ "held": null }] }',
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run',
      'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback',
    ],
  },
  run({ target: plan, notExamined }) {
    const drafts = plan.workloads.flatMap((workload) => [
      ...refusals(workload),
      ...obstacles(workload, isBack(plan, workload)),
    ]);
    for (const workload of plan.workloads.filter((entry) => !isBack(plan, entry))) {
      for (const { request, outcome, message } of workload.dryRuns) {
        const what = `dry run of the ${request} of ${objectName(workload)}`;
        if (outcome === 'not-tried') notExamined(what, message);
        if (outcome !== 'denied') continue;
        if (request === 'patch' && drafts.length === 0) throw new Fault('cluster-denied', message);
        notExamined(what, message);
      }
    }
    return drafts;
  },
};

function refusals(workload: WorkloadPlan): Draft[] {
  return workload.dryRuns
    .filter((entry) => entry.outcome === 'refused' && !countsOldPod(workload, entry))
    .map(({ request, message }) => draftOf(workload, 'refused', { request, message }));
}

/** Where the old pod goes first, its share of the quota is free by the time the new one comes. */
function countsOldPod({ surges }: WorkloadPlan, { request, message }: DryRun): boolean {
  return request === 'pod' && !surges && message.includes('exceeded quota');
}

function obstacles(workload: WorkloadPlan, isBack: boolean): Draft[] {
  const { held, stuckPods, deletesStuckPods, owner, unfinished, autoscaler, replicas } = workload;
  const drafts: Draft[] = [];
  if (held !== null) drafts.push(draftOf(workload, 'held', { why: held }));
  if (stuckPods.length > 0 && !deletesStuckPods && !isBack) {
    const pods = stuckPods.map(({ name }) => name).join(', ');
    drafts.push(draftOf(workload, 'stuck', { pods }));
  }
  if (owner) {
    drafts.push(draftOf(workload, 'owned', { owner: `${owner.by} ${owner.name}` }, 'warning'));
  }
  if (unfinished !== null && !isBack) {
    drafts.push(draftOf(workload, 'busy', { why: unfinished }, 'info'));
  }
  if (autoscaler) {
    const { name, min, max } = autoscaler;
    drafts.push(draftOf(workload, 'autoscaled', { autoscaler: name, min, max, replicas }, 'info'));
  }
  return drafts;
}
