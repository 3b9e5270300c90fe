import type { Check } from '../../../core/check.ts';
import { objectText, placeOf, refOf } from '../../object-id.ts';
import type { Simulation } from '../../observation.ts';

/** What is not ready does not ask for a path that nobody declared. */
export const check: Check<Simulation> = {
  id: 'simulation/probe-paths',
  title: 'Probes ask for declared health paths',
  severity: 'warning',
  critical: false,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'A probe with a typing error in its path answers 404 for ever, and no pod becomes ready. Once everything is ready the paths have proven themselves.',
    messages: {
      undeclared:
        '{{object}}, container {{container}}: the {{probe}} asks for {{path}}, and the health paths declared are {{declared}}',
    },
    remediation:
      'Correct the path of the probe, or add it to `health` of the service in deploycheck.yaml.',
    bad: {
      language: 'observation',
      text: `{
  "ended": "deadline",
  "undeclaredPaths": [
    {
      "object": {
        "apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "shop",
        "file": "deployment.yaml", "line": 1
      },
      "container": "shop", "probe": "readinessProbe", "path": "/readyzz",
      "place": { "line": 93, "column": 30 }, "declared": ["/healthz", "/readyz"]
    }
  ]
}
`,
      findings: [{ messageId: 'undeclared' }],
    },
    good: {
      language: 'observation',
      text: '{ "ended": "deadline", "undeclaredPaths": [] }\n',
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-a-liveness-http-request',
    ],
  },
  run({ target }) {
    if (target.ended === 'ready') return [];
    return target.undeclaredPaths.map(({ object, container, probe, path, place, declared }) => ({
      messageId: 'undeclared',
      data: { object: objectText(object), container, probe, path, declared: declared.join(', ') },
      location: { ...placeOf(object), ...place },
      object: refOf(object),
    }));
  },
};
