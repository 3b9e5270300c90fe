import type { Check } from '../../../core/check.ts';
import type { Problem } from '../../answer-problems.ts';
import { isGood } from '../../behaviour/asking.ts';
import type { IdempotencySeen } from '../../behaviour/seen.ts';
import type { Simulation } from '../../observation.ts';
import { judgeBehaviour, noAnswer } from '../behaviours.ts';

/** Paths that deploycheck.yaml declares as idempotent do once what is asked twice under one key. */
export const check: Check<Simulation> = {
  id: 'simulation/idempotency',
  title: 'A request repeated under its key is done once',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'Clients and proxies send again what they got no answer to. Without the key being honoured, that is a second order, or a second payment.',
    messages: {
      'no-answer': noAnswer,
      'first-refused':
        '{{where}} answers {{method}} with {{status}} where 2xx is declared; see whether the declared body is a good one',
      'again-refused':
        '{{where}} answers {{status}} to the same {{method}} under the same {{header}}; repeat the first answer',
      'another-answer':
        '{{where}} answers the same {{method}} under the same {{header}} with another body; repeat the first answer',
      'key-reused':
        '{{where}} answers {{status}} to another body under the same {{header}}; refuse it with 422',
    },
    remediation:
      'Store the key with a digest of the request and the answer, in the transaction that does the work.',
    bad: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "idempotency", "service": "shop", "path": "/orders", "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "method": "POST", "header": "Idempotency-Key", "first": 201, "again": 201,
        "sameBody": false, "otherAlone": 201, "otherReused": 422, "error": null
      }
    }
  ]
}
`,
      findings: [{ messageId: 'another-answer' }],
    },
    good: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "idempotency", "service": "shop", "path": "/orders", "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "method": "POST", "header": "Idempotency-Key", "first": 201, "again": 200,
        "sameBody": true, "otherAlone": 201, "otherReused": 422, "error": null
      }
    }
  ]
}
`,
      findings: [],
    },
    references: [
      'https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07',
    ],
  },
  run(context) {
    return judgeBehaviour(context, 'idempotency', problemsOf);
  },
};

function problemsOf(seen: IdempotencySeen, open: (why: string) => void): Problem[] {
  const { method, header, first, again, sameBody, otherAlone, otherReused, error } = seen;
  if (error !== null) return [{ messageId: 'no-answer', data: { error } }];
  const found = (messageId: string, status: number | null): Problem => {
    return { messageId, data: { method, header, status: status ?? 0 } };
  };
  if (!isGood(first)) return [found('first-refused', first)];
  if (!isGood(again)) return [found('again-refused', again)];
  const problems = sameBody ? [] : [found('another-answer', again)];
  if (otherReused === null) {
    const why = otherAlone === null ? 'the body has no value to alter' : `it gets ${otherAlone}`;
    open(`another body under the same key: none that is good in itself was found, ${why}`);
  } else if (otherReused < 400 || otherReused > 499) {
    problems.push(found('key-reused', otherReused));
  }
  return problems;
}
