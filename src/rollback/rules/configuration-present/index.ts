import type { Check } from '../../../core/check.ts';
import type { RollbackPlan } from '../../observation.ts';
import { draftOf, isBack } from '../draft.ts';

/** Everything the pods of the revision to go back to refer to is there. */
export const check: Check<RollbackPlan> = {
  id: 'rollback/configuration-present',
  title: 'Configuration of the revision to go back to is there',
  severity: 'error',
  critical: true,
  item: 'rollback',
  appliesTo: 'rollbackPlan',
  meta: {
    why: 'A rollback brings a pod template back and nothing else. A ConfigMap, Secret, key, ServiceAccount or volume that the release removed keeps every old pod from starting.',
    messages: {
      missing: '{{object}}: revision {{revision}} needs {{kind}} {{name}}, which is not there',
      'missing-key':
        '{{object}}: revision {{revision}} needs {{key}} of {{kind}} {{name}}, which has no such key',
    },
    remediation:
      'Put the object or key back from the release that had it, then run the dry run again. Remove configuration only one release after its last user.',
    bad: {
      language: 'observation',
      text: '{ "workloads": [{ "references": [{ "state": "missing-key", "missingKeys": ["PORT"] }] }] }',
      findings: [{ messageId: 'missing-key' }],
    },
    good: {
      language: 'observation',
      text: '{ "workloads": [{ "references": [{ "state": "present" }] }] }',
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/configuration/configmap/'],
  },
  run({ target: plan, notExamined }) {
    return plan.workloads.flatMap((workload) =>
      workload.references.flatMap(({ kind, name, state, missingKeys, why }) => {
        const revision = workload.target?.number ?? 0;
        if (state === 'missing') return [draftOf(workload, 'missing', { revision, kind, name })];
        if (state === 'missing-key') {
          return missingKeys.map((key) =>
            draftOf(workload, 'missing-key', { revision, kind, name, key }),
          );
        }
        if (state === 'unknown' && !isBack(plan, workload)) notExamined(`${kind} ${name}`, why);
        return [];
      }),
    );
  },
};
