import type { Check } from '../../../core/check.ts';
import type { Problem } from '../../answer-problems.ts';
import type { InjectionSeen } from '../../behaviour/seen.ts';
import type { Simulation } from '../../observation.ts';
import { judgeBehaviour, noAnswer } from '../behaviours.ts';

/** Requests that deploycheck.yaml declares take hostile values for values. */
export const check: Check<Simulation> = {
  id: 'simulation/injection',
  title: 'Hostile values stay values',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'A value that becomes a part of a statement, a command, a path or a page does what whoever sent it wants; an error that nobody handled is how that begins.',
    messages: {
      'no-answer': noAnswer,
      worked: '{{where}} answers {{method}} with {{sign}} to {{attack}}',
      'server-error':
        '{{where}} answers {{method}} with {{status}} to {{attack}}; refuse it with 4xx',
      leak: '{{where}} answers {{method}} with the text of an error to {{attack}}: {{leak}}',
    },
    remediation:
      'Check values where requests come in and answer 400 to what cannot be meant. Pass values to databases as parameters, never as text; encode them for the place where they are shown.',
    bad: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "injection", "service": "shop", "path": "/orders?customer={value}",
      "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "method": "GET",
        "attempts": [
          { "attack": "a zero byte", "status": 500, "sign": null, "leak": null, "error": null }
        ]
      }
    }
  ]
}
`,
      findings: [{ messageId: 'server-error' }],
    },
    good: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "injection", "service": "shop", "path": "/orders?customer={value}",
      "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "method": "GET",
        "attempts": [
          { "attack": "a zero byte", "status": 400, "sign": null, "leak": null, "error": null }
        ]
      }
    }
  ]
}
`,
      findings: [],
    },
    references: [
      'https://owasp.org/www-project-web-security-testing-guide/v42/4-Web_Application_Security_Testing/07-Input_Validation_Testing/README',
      'https://cwe.mitre.org/data/definitions/74.html',
    ],
  },
  run(context) {
    return judgeBehaviour(context, 'injection', ({ method, attempts }) =>
      attempts.flatMap((attempt) => problemOf(method, attempt)),
    );
  },
};

/** Each attempt has its gravest problem named. */
function problemOf(
  method: string,
  { attack, status, sign, leak, error }: InjectionSeen['attempts'][number],
): Problem[] {
  const found = (messageId: string, data: Problem['data'] = {}): Problem[] => [
    { messageId, data: { method, attack, ...data }, about: `${method} ${attack}` },
  ];
  if (status === null) return found('no-answer', { error: `${attack}: ${error ?? 'unknown'}` });
  if (sign !== null) return found('worked', { sign });
  if (leak !== null) return found('leak', { leak });
  return status >= 500 ? found('server-error', { status }) : [];
}
