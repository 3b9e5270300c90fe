import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';

const id = 'manifest/server-rules';

/** The API server would take every object: its own rules say so, run here without a server. */
export const check: Check<ManifestSet> = {
  id,
  title: 'The API server takes every object',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Much of what a server refuses no schema can say: names, ranges, fields that exclude each other, selectors that match nothing. It shows in the middle of a rollout otherwise.',
    messages: {
      refused: 'Kubernetes {{version}} refuses {{field}}: {{problem}}',
      'refused-object': 'Kubernetes {{version}} refuses the object: {{problem}}',
      warned: 'Kubernetes {{version}} warns: {{problem}}',
      'pod-security':
        'namespace {{namespace}} is held to the level {{level}} of the Pod Security Standards: {{problem}}',
      'policy-denies': 'the ValidatingAdmissionPolicy {{policy}} denies it: {{problem}}',
      'policy-warns': 'the ValidatingAdmissionPolicy {{policy}} warns: {{problem}}',
      'policy-audits': 'the ValidatingAdmissionPolicy {{policy}} notes: {{problem}}',
    },
    remediation:
      'Mend the field as the message says; these are the words of the server. `kubectl apply --dry-run=server` shows the same with a cluster at hand.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - name: http
      port: 80
    - port: 443
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "61 * * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: report
              image: registry.example/report:1.0.0
              env:
                - name: LEVEL
                  value: a
                - name: LEVEL
                  value: b
`,
      findings: [
        { messageId: 'refused', line: 11, column: 7 },
        { messageId: 'refused', line: 18, column: 13 },
      ],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - name: http
      port: 80
    - name: https
      port: 443
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run',
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
      'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/',
    ],
  },
  async run(context) {
    // The host of the module is loaded by whoever runs the rule, not by whoever lists it.
    const { serverViolations } = await import('./judge.ts');
    return serverViolations(context);
  },
};
