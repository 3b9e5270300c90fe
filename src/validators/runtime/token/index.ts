import type { Check } from '../../../core/check.ts';
import { draftOf, judgeSeen } from '../judging.ts';
import type { StartedContainer } from '../observation.ts';

/** A token is mounted only where the release gives its account something to do. */
export const check: Check<StartedContainer> = {
  id: 'runtime/token',
  title: 'No token that nobody needs',
  severity: 'warning',
  critical: false,
  item: 'simulation',
  appliesTo: 'container',
  meta: {
    why: 'A token for the API of the cluster that lies in a container is the first thing an intruder looks for, and most programs never ask the API anything.',
    messages: {
      unused:
        '{{container}}: a token of ServiceAccount/{{account}} is at {{path}}, and the release gives that account no right; set automountServiceAccountToken: false',
    },
    remediation: 'Set automountServiceAccountToken: false in the pod, or in the ServiceAccount.',
    bad: {
      language: 'observation',
      text: `{
  "token": {
    "seen": {
      "path": "/var/run/secrets/kubernetes.io/serviceaccount", "account": "default", "granted": false
    }
  }
}
`,
      findings: [{ messageId: 'unused' }],
    },
    good: {
      language: 'observation',
      text: `{ "token": { "seen": { "path": null, "account": "default", "granted": false } } }
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
    ],
  },
  run(context) {
    const { target } = context;
    if (target.owner === null) {
      context.skip('a container that no manifest asks for is given no token of a cluster');
      return [];
    }
    return judgeSeen(context, 'token', target.token, ({ path, account, granted }) =>
      path === null || granted ? [] : [draftOf(target, 'unused', { path, account })],
    );
  },
};
