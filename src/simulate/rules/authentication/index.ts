import type { Check } from '../../../core/check.ts';
import type { Problem } from '../../answer-problems.ts';
import { isGood } from '../../behaviour/asking.ts';
import type { AuthenticationSeen } from '../../behaviour/seen.ts';
import type { Simulation } from '../../observation.ts';
import { judgeBehaviour, noAnswer } from '../behaviours.ts';

/** Paths that deploycheck.yaml declares as guarded let in whom they should. */
export const check: Check<Simulation> = {
  id: 'simulation/authentication',
  title: 'Guarded paths refuse who may not',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'A route that lost its guard, or a guard that reads tokens without verifying them, works for everybody, so nobody complains.',
    messages: {
      'no-answer': noAnswer,
      'let-in':
        '{{where}} answers {{method}} with {{status}} for {{bearing}}; verify the token and answer 401',
      'not-refused': '{{where}} answers {{method}} with {{status}} for {{bearing}}, not 401 or 403',
      'good-refused':
        '{{where}} answers {{method}} with {{status}} for the good token; see whether it ended, or was made for another place',
      'wrong-role':
        '{{where}} answers {{method}} with {{status}} for a token of the wrong role; answer 403',
    },
    remediation:
      'Guard the route where requests come in, verify the signature and the end of every token, and refuse before anything else is done.',
    bad: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "authentication", "service": "shop", "path": "/orders",
      "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "method": "GET",
        "attempts": [
          { "bearing": "no token", "status": 401, "error": null },
          { "bearing": "an unsigned, expired token", "status": 200, "error": null }
        ]
      }
    }
  ]
}
`,
      findings: [{ messageId: 'let-in' }],
    },
    good: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "authentication", "service": "shop", "path": "/orders",
      "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "method": "GET",
        "attempts": [
          { "bearing": "no token", "status": 401, "error": null },
          { "bearing": "an unsigned, expired token", "status": 401, "error": null },
          { "bearing": "the good token", "status": 200, "error": null }
        ]
      }
    }
  ]
}
`,
      findings: [],
    },
    references: [
      'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2',
      'https://www.rfc-editor.org/rfc/rfc8725#section-3.1',
    ],
  },
  run(context) {
    return judgeBehaviour(context, 'authentication', ({ method, attempts }) =>
      attempts.flatMap((attempt) => problemOf(method, attempt)),
    );
  },
};

function problemOf(
  method: string,
  { bearing, status, error }: AuthenticationSeen['attempts'][number],
): Problem[] {
  if (status === null) {
    return [{ messageId: 'no-answer', data: { error: error ?? 'unknown' }, about: bearing }];
  }
  const about = `${method} ${bearing}`;
  const refused = status === 401 || status === 403;
  const found = (messageId: string): Problem[] => [
    { messageId, data: { method, status, bearing }, about },
  ];
  if (bearing === 'the good token') return refused ? found('good-refused') : [];
  if (bearing === 'a token of the wrong role') return status === 403 ? [] : found('wrong-role');
  if (refused) return [];
  return found(isGood(status) ? 'let-in' : 'not-refused');
}
