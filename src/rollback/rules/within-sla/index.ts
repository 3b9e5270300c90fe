import type { Check } from '../../../core/check.ts';
import { type Estimate, timeVerdict } from '../../estimate.ts';
import type { RollbackPlan } from '../../observation.ts';
import { secondsText } from '../../seconds-text.ts';

/** The way back fits into `sla.rollback`, with nothing guessed. */
export const check: Check<RollbackPlan> = {
  id: 'rollback/within-sla',
  title: 'Going back fits into its time',
  severity: 'error',
  critical: true,
  item: 'rollback',
  appliesTo: 'rollbackPlan',
  meta: {
    why: 'A promise of thirty minutes is one only if somebody has added up what they consist of. One number without its range, or with a guess in it, proves nothing.',
    messages: {
      over: 'going back takes about {{value}}, longer than sla.rollback ({{limit}}); most of it is {{largest}}',
      'took-longer': 'going back took {{value}}, longer than sla.rollback ({{limit}})',
    },
    remediation:
      'Shorten the largest term: more pods at once (maxSurge), images kept on the nodes, downs that change the catalog alone; or agree on another sla.rollback.',
    bad: {
      language: 'observation',
      text: '{ "estimate": { "value": 2400, "high": 3000 } }',
      findings: [{ messageId: 'over' }],
    },
    good: {
      language: 'observation',
      text: '{ "estimate": { "value": 60, "high": 90, "source": "history" } }',
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment',
    ],
  },
  run({ target: { estimate, limitSeconds, executions }, notExamined }) {
    const limit = secondsText(limitSeconds);
    if (executions) {
      const took = executions.reduce((sum, { seconds }) => sum + seconds, 0);
      const data = { value: secondsText(took), limit };
      return took > limitSeconds ? [{ messageId: 'took-longer', data, location: {} }] : [];
    }
    const verdict = timeVerdict(estimate, limitSeconds);
    if (verdict === 'over') {
      const data = { value: secondsText(estimate.value), limit, largest: largestOf(estimate) };
      return [{ messageId: 'over', data, location: {} }];
    }
    if (verdict === 'unproven') {
      const guessed = estimate.terms.filter(({ source }) => source === 'assumed');
      const why =
        guessed.length > 0
          ? `assumed, never measured: ${guessed.map(({ name }) => name).join(', ')}`
          : `it may take ${secondsText(estimate.high)}`;
      notExamined(`whether going back takes less than ${limit}`, why);
    }
    return [];
  },
};

function largestOf({ terms }: Estimate): string {
  return terms.toSorted((a, b) => b.value - a.value)[0]?.name ?? 'not known';
}
