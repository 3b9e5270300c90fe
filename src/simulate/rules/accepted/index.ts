import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { objectText, placeOf, refOf } from '../../object-id.ts';
import type { Simulation } from '../../observation.ts';

const webhookDown = /failed calling webhook|failed to call webhook/;

/** The API server of the target takes every object. */
export const check: Check<Simulation> = {
  id: 'simulation/accepted',
  title: 'The API server accepts every object',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'An object that the API server refuses stops a rollout half-way, after the objects before it are changed already.',
    messages: {
      refused: '{{object}}: refused by the API server ({{reason}}): {{message}}',
      'webhook-down':
        '{{object}}: an admission webhook cannot be asked: {{message}}; see that its pods run, or ask its owner',
      warned: '{{object}}: the API server warns: {{message}}',
    },
    remediation:
      'Mend the field that the message names. What an admission webhook or a quota refuses is theirs to explain.',
    bad: {
      language: 'observation',
      text: `{
  "refusals": [
    {
      "object": {
        "apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "shop",
        "file": "deployment.yaml", "line": 1
      },
      "during": "dry-run",
      "code": 422,
      "reason": "Invalid",
      "message": "spec.selector: Invalid value: selector does not match template labels"
    }
  ]
}
`,
      findings: [{ messageId: 'refused' }],
    },
    good: { language: 'observation', text: '{ "refusals": [] }\n', findings: [] },
    references: ['https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run'],
  },
  run({ target }) {
    const refused = target.refusals
      // What deploycheck itself stopped is no answer of the server.
      .filter(({ reason }) => reason !== 'OutsideSandbox')
      .map(({ object, code, reason, message }): Draft => {
        const data = { object: objectText(object), reason: reason || code, message };
        const identity = `${objectText(object)} ${message}`;
        const messageId = webhookDown.test(message) ? 'webhook-down' : 'refused';
        return {
          ...{ messageId, data, identity },
          location: placeOf(object),
          object: refOf(object),
        };
      });
    const warned = target.warnings.map(
      ({ object, message }): Draft => ({
        messageId: 'warned',
        data: { object: objectText(object), message },
        severity: 'info',
        location: placeOf(object),
        object: refOf(object),
      }),
    );
    return [...refused, ...warned];
  },
};
