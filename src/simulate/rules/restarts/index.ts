import type { Check } from '../../../core/check.ts';
import { objectText, placeOf, refOf } from '../../object-id.ts';
import type { Simulation } from '../../observation.ts';

/** No container had to be started again. */
export const check: Check<Simulation> = {
  id: 'simulation/restarts',
  title: 'No container is restarted',
  severity: 'warning',
  critical: false,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'A container that needs several starts to come up is one bad moment away from not coming up at all.',
    messages: {
      restarted: '{{object}}, container {{container}}: restarted {{times}}, last {{last}}',
    },
    remediation:
      'Let the process wait for what it depends on instead of ending, or give a startup probe the time it needs.',
    bad: {
      language: 'observation',
      text: `{
  "usage": {
    "soakSeconds": 30, "unavailable": null, "containers": [],
    "restarts": [
      {
        "workload": {
          "apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "shop",
          "file": "deployment.yaml", "line": 1
        },
        "pod": "shop-5d9c7b-x2x4q", "container": "shop", "count": 1, "last": "Error, exit code 1"
      }
    ]
  }
}
`,
      findings: [{ messageId: 'restarted' }],
    },
    good: {
      language: 'observation',
      text: '{ "usage": { "soakSeconds": 30, "unavailable": null, "containers": [], "restarts": [] } }\n',
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy',
    ],
  },
  run({ target }) {
    return target.usage.restarts.map(({ workload, container, count, last }) => ({
      messageId: 'restarted',
      data: {
        object: objectText(workload),
        container,
        times: count === 1 ? 'once' : `${count} times`,
        last,
      },
      identity: `${objectText(workload)} ${container}`,
      location: placeOf(workload),
      object: refOf(workload),
    }));
  },
};
