import type { Check } from '../../../core/check.ts';
import type { Simulation } from '../../observation.ts';
import { judgeBehaviour } from '../behaviours.ts';

/** Scenarios that deploycheck.yaml declares go as they should, to their last step. */
export const check: Check<Simulation> = {
  id: 'simulation/scenario',
  title: 'Scenarios go as declared',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'A service may be healthy and still lose what it was told when a pod is replaced, take a row that breaks a rule, or leave half of a failed transaction behind.',
    messages: {
      failed: '{{where}}: step {{n}} of {{planned}}, {{step}}: {{problem}}',
    },
    remediation:
      'Look at the step that is named, and at the log of the pod; what is kept in memory alone is gone with each pod.',
    bad: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "scenario", "service": "shop", "path": "an order outlives its pods",
      "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "planned": 3,
        "steps": [
          { "step": "POST /orders", "status": 201, "problem": null },
          { "step": "restart of the pods", "status": null, "problem": null },
          { "step": "GET /orders/{id}", "status": 404, "problem": "answers 404 instead of 2xx: nothing" }
        ]
      }
    }
  ]
}
`,
      findings: [{ messageId: 'failed' }],
    },
    good: {
      language: 'observation',
      text: `{
  "behaviour": [
    {
      "behaviour": "scenario", "service": "shop", "path": "an order outlives its pods",
      "pod": "shop-5d9c7b-x2x4q",
      "seen": {
        "planned": 1,
        "steps": [{ "step": "POST /orders", "status": 201, "problem": null }]
      }
    }
  ]
}
`,
      findings: [],
    },
    references: [
      'https://12factor.net/disposability',
      'https://www.postgresql.org/docs/current/ddl-constraints.html',
    ],
  },
  run(context) {
    return judgeBehaviour(context, 'scenario', ({ planned, steps }) =>
      steps.flatMap(({ step, problem }, at) =>
        problem === null
          ? []
          : [{ messageId: 'failed', data: { n: at + 1, planned, step, problem } }],
      ),
    );
  },
};
