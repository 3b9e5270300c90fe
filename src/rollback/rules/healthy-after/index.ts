import type { Check } from '../../../core/check.ts';
import type { RollbackPlan } from '../../observation.ts';
import { draftOf, objectName } from '../draft.ts';

/** After going back, every replica runs the old release, is ready and answers. */
export const check: Check<RollbackPlan> = {
  id: 'rollback/healthy-after',
  title: 'The old release runs and is well',
  severity: 'error',
  critical: true,
  item: 'rollback',
  appliesTo: 'rollbackPlan',
  meta: {
    why: 'That the order was accepted is not that the service is back: pods of two releases may answer side by side, and a pod may be ready and send errors.',
    messages: {
      unhealthy:
        '{{object}} is not well after going back: {{message}} ({{ready}} of {{wanted}} pods ready)',
      'timed-out':
        '{{object}} did not become well in time: {{message}} ({{ready}} of {{wanted}} pods ready)',
      'not-done': '{{object}} was not touched, because the one before it did not become well',
    },
    remediation:
      'Look at the pods that the message names; the plan says how to go forward again. The order stands: the cluster goes on trying.',
    bad: {
      language: 'observation',
      text: '{ "executions": [{ "outcome": "unhealthy", "readyPods": 1, "message": "ImagePullBackOff" }] }',
      findings: [{ messageId: 'unhealthy' }],
    },
    good: {
      language: 'observation',
      text: '{ "executions": [{ "outcome": "healthy" }] }',
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status',
    ],
  },
  run({ target: { workloads, executions }, notExamined }) {
    if (executions === null) return [];
    return workloads.flatMap((workload) => {
      const done = executions.find(
        ({ kind, name }) => kind === workload.kind && name === workload.name,
      );
      if (!done) return [draftOf(workload, 'not-done')];
      for (const { path, state, message } of done.probes) {
        if (state === 'unknown')
          notExamined(`health of ${objectName(workload)} at ${path}`, message);
      }
      if (done.outcome === 'healthy') return [];
      const { message, readyPods: ready, wantedPods: wanted } = done;
      return [draftOf(workload, done.outcome, { message, ready, wanted })];
    });
  },
};
