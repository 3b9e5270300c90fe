import type { Check } from '../../../core/check.ts';
import type { RollbackPlan } from '../../observation.ts';
import { draftOf, isBack, objectName } from '../draft.ts';

/** There is a revision to go back to, and it was seen healthy. */
export const check: Check<RollbackPlan> = {
  id: 'rollback/target-healthy',
  title: 'A revision to go back to was healthy',
  severity: 'error',
  critical: true,
  item: 'rollback',
  appliesTo: 'rollbackPlan',
  meta: {
    why: 'Going back to whatever ran before can bring back the release that failed before this one: the number of a revision says nothing about whether it ever worked.',
    messages: {
      none: '{{object}} has nothing to go back to: {{why}}',
      failed: 'revision {{revision}} of {{object}} was not healthy: {{why}}',
    },
    remediation:
      'Keep revisions (`revisionHistoryLimit`), and run `deploycheck rollback --dry-run` after each rollout, so that its health is on record.',
    bad: {
      language: 'observation',
      text: '{ "workloads": [{ "target": null, "choice": "the history has no other revision" }] }',
      findings: [{ messageId: 'none' }],
    },
    good: {
      language: 'observation',
      text: '{ "workloads": [{ "target": { "number": 1, "health": "healthy" } }] }',
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment',
    ],
  },
  run({ target: plan, notExamined }) {
    return plan.workloads.flatMap((workload) => {
      const { target, choice } = workload;
      if (target === null) return [draftOf(workload, 'none', { why: choice })];
      if (isBack(plan, workload) || target.health === 'healthy') return [];
      const { number: revision, healthBy: why } = target;
      if (target.health === 'unhealthy') return [draftOf(workload, 'failed', { revision, why })];
      notExamined(
        `whether revision ${revision} of ${objectName(workload)} was ever healthy`,
        `${why}, and no earlier run kept here has seen it`,
      );
      return [];
    });
  },
};
