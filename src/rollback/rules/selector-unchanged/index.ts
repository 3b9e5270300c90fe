import type { Check } from '../../../core/check.ts';
import type { RollbackPlan } from '../../observation.ts';
import { draftOf } from '../draft.ts';

/** The release selects its pods as what runs does: the field cannot change. */
export const check: Check<RollbackPlan> = {
  id: 'rollback/selector-unchanged',
  title: 'The selector is that of the running release',
  severity: 'error',
  critical: true,
  item: 'rollback',
  appliesTo: 'rollbackPlan',
  meta: {
    why: 'A selector cannot be changed, so the workload has to be deleted and made anew; with it goes the history that a rollback would go back in.',
    messages: {
      differs:
        '{{object}}: the release selects pods by {{release}}, what runs by {{live}}, and a selector cannot be changed',
    },
    remediation:
      'Keep the selector and change other labels; or give the new workload another name and let both run side by side.',
    bad: {
      language: 'observation',
      text: `{
  "workloads": [
    {
      "selectors": {
        "release": "app=web,tier=front", "live": "app=web",
        "place": { "file": "deployment.yaml", "line": 15, "column": 5 }
      }
    }
  ]
}
`,
      findings: [{ messageId: 'differs' }],
    },
    good: {
      language: 'observation',
      text: '{ "workloads": [{ "selectors": null }] }',
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates',
    ],
  },
  run({ target }) {
    return target.workloads.flatMap((workload) => {
      const { selectors } = workload;
      if (selectors === null || sameTerms(selectors.release, selectors.live)) return [];
      const { release, live, place } = selectors;
      return [{ ...draftOf(workload, 'differs', { release, live }), location: place }];
    });
  },
};

/** The order of terms does not matter. */
function sameTerms(a: string, b: string): boolean {
  const sorted = (text: string) =>
    text
      .split(/,(?![^(]*\))/)
      .toSorted()
      .join(',');
  return sorted(a) === sorted(b);
}
