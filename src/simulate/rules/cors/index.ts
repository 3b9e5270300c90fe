import type { Check } from '../../../core/check.ts';
import { corsMessages, corsProblems } from '../../behaviour/cors-problems.ts';
import type { Simulation } from '../../observation.ts';
import { judgeBehaviour, noAnswer } from '../behaviours.ts';

/** Pages of other origins may do what deploycheck.yaml declares, and no more. */
export const check: Check<Simulation> = {
  id: 'simulation/cors',
  title: 'Origins are let in as declared',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'A service that answers every origin, or repeats the one that asks, lets any page read what its visitor may see; one that forgets its own front end is down for it.',
    messages: { 'no-answer': noAnswer, ...corsMessages },
    remediation:
      'Compare the Origin header with a list of origins, and answer with the one that matched, or without the header.',
    bad: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "cors", "service": "shop", "path": "/orders", "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "origin": "https://evil.example", "allowed": false, "credentials": null,
        "answers": [
          {
            "request": "preflight", "status": 204, "allowOrigin": "https://evil.example",
            "allowCredentials": "true", "error": null
          },
          {
            "request": "request", "status": 200, "allowOrigin": "https://evil.example",
            "allowCredentials": "true", "error": null
          }
        ]
      }
    }
  ]
}
`,
      findings: [{ messageId: 'origin-allowed' }],
    },
    good: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "cors", "service": "shop", "path": "/orders", "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "origin": "https://evil.example", "allowed": false, "credentials": null,
        "answers": [
          {
            "request": "preflight", "status": 403, "allowOrigin": null,
            "allowCredentials": null, "error": null
          },
          {
            "request": "request", "status": 200, "allowOrigin": null,
            "allowCredentials": null, "error": null
          }
        ]
      }
    }
  ]
}
`,
      findings: [],
    },
    references: ['https://fetch.spec.whatwg.org/#http-cors-protocol'],
  },
  run(context) {
    return judgeBehaviour(context, 'cors', corsProblems);
  },
};
