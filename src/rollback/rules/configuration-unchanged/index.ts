import type { Check } from '../../../core/check.ts';
import type { RollbackPlan } from '../../observation.ts';
import { draftOf } from '../draft.ts';

/** ConfigMaps and Secrets are those that the revision to go back to ran with. */
export const check: Check<RollbackPlan> = {
  id: 'rollback/configuration-unchanged',
  title: 'Configuration is what the old revision ran with',
  severity: 'warning',
  critical: false,
  item: 'rollback',
  appliesTo: 'rollbackPlan',
  meta: {
    why: 'Old pods come back with the settings of today. A value that the new release changed was never tried with the old code.',
    messages: {
      changed:
        '{{object}}: {{kind}} {{name}} changed at {{at}}, after revision {{revision}} was rolled out ({{created}})',
    },
    remediation:
      'Compare the object with the one of the old release and put back what the old code needs. Giving each release configuration objects of its own avoids this.',
    bad: {
      language: 'observation',
      text: '{ "workloads": [{ "references": [{ "changedAt": "2026-01-02T00:00:00Z", "changedSince": true }] }] }',
      findings: [{ messageId: 'changed' }],
    },
    good: {
      language: 'observation',
      text: '{ "workloads": [{ "references": [{ "changedSince": false }] }] }',
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable',
    ],
  },
  run({ target: { workloads } }) {
    return workloads.flatMap((workload) =>
      workload.references
        .filter(({ changedSince, state }) => changedSince && state === 'present')
        .map(({ kind, name, changedAt }) =>
          draftOf(workload, 'changed', {
            kind,
            name,
            at: changedAt ?? '',
            revision: workload.target?.number ?? 0,
            created: workload.target?.created ?? '',
          }),
        ),
    );
  },
};
