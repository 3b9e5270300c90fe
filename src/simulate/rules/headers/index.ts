import type { Check } from '../../../core/check.ts';
import { headerMessages, headerProblems } from '../../behaviour/header-problems.ts';
import type { Simulation } from '../../observation.ts';
import { judgeBehaviour, noAnswer } from '../behaviours.ts';

/** Answers carry the headers that deploycheck.yaml declares. */
export const check: Check<Simulation> = {
  id: 'simulation/headers',
  title: 'Answers carry the headers that are declared',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'A header that keeps browsers from an attack is lost easily, with a change of middleware or of the proxy in front, and nothing fails because of it.',
    messages: { 'no-answer': noAnswer, ...headerMessages },
    remediation:
      'Set the header where the service makes its answers; what only a proxy in front adds is not seen through a forwarded port.',
    bad: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "headers", "service": "shop", "path": "/", "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "status": 200, "tls": false, "preset": "security", "expected": {},
        "headers": { "x-content-type-options": "nosniff", "server": "shop" }, "error": null
      }
    }
  ]
}
`,
      findings: [{ messageId: 'header-missing' }],
    },
    good: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "headers", "service": "shop", "path": "/", "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "status": 200, "tls": false, "preset": "security", "expected": {},
        "headers": {
          "x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'"
        },
        "error": null
      }
    }
  ]
}
`,
      findings: [],
    },
    references: [
      'https://owasp.org/www-project-secure-headers/',
      'https://www.rfc-editor.org/rfc/rfc6797#section-8.1',
    ],
  },
  run(context) {
    return judgeBehaviour(context, 'headers', headerProblems);
  },
};
