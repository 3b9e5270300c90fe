import type { Check } from '../../../core/check.ts';
import { accountFinder, accountOf, boundAccountFinder } from '../accounts.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { podTemplates } from '../workloads.ts';

/**
 * Pods get a token for the API server only where something says that they need one: their own field, that of
 * their ServiceAccount, or a binding of it. The pod's field goes before the account's. CIS numbers are those
 * of the benchmark's versions 1.8 to 1.10.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/token-automount',
  title: 'Pods get a token only where they need one',
  severity: 'warning',
  preset: 'recommended',
  cis: ['5.1.6'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Unless it is told not to, Kubernetes mounts a token into every container. Whoever reads a file of the pod talks to the API server with it.',
    messages: {
      unsaid:
        '{{kind}} {{name}} gets a token of service account {{account}}, and nothing here says that it needs one',
    },
    remediation:
      'Set automountServiceAccountToken: false for the pod or its ServiceAccount; where the pod talks to the API server, set it to true.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'unsaid', line: 6, column: 3 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  automountServiceAccountToken: false
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
    ],
  },
  run({ target }) {
    const accounts = accountFinder(target);
    const bound = boundAccountFinder(target);
    return podTemplates(target).flatMap((template) => {
      const { object, spec, specPath } = template;
      if (typeof spec.automountServiceAccountToken === 'boolean') return [];
      const account = accountOf(template);
      const isSaid = accounts(account, object).some(saysWhether);
      if (isSaid || bound(account, object).length > 0) return [];
      const data = { kind: object.kind, name: object.name, account };
      return [draftAt(object, [...specPath, 'automountServiceAccountToken'], 'unsaid', { data })];
    });
  },
};

function saysWhether({ value }: ManifestObject): boolean {
  return typeof value.automountServiceAccountToken === 'boolean';
}
