import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../load.ts';

const id = 'manifest/schema';

/**
 * Every object fits the schema that the target version of Kubernetes publishes for its kind, or that a
 * CustomResourceDefinition of the set, or one given beside it, has.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'Objects fit the schema of their kind',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The API server refuses what does not fit; a misspelt field that slips through is dropped, and the setting it was to make is not made.',
    messages: {
      'unknown-kind': 'Kubernetes {{versions}} has no {{kind}} in {{apiVersion}}{{hint}}',
      'unknown-field': '{{field}} is no field of {{parent}}{{hint}}{{where}}',
      'wrong-type': '{{field}} must be {{expected}}, and is {{actual}}{{hint}}{{where}}',
      'not-allowed': '{{field}} must {{demand}}{{where}}',
      'required-missing': '{{parent}} needs the field {{field}}{{where}}',
      'duplicate-list-key':
        '{{list}} has two entries with the same {{keys}}; the first is {{earlier}}{{where}}',
      'duplicate-list-entry': '{{list}} has two equal entries; the first is {{earlier}}{{where}}',
    },
    remediation:
      'Correct the field; `kubectl explain KIND.PATH` lists those there are. For a custom resource, name the CustomResourceDefinition together with the manifests, or with `--crds`.',
    bad: {
      language: 'yaml',
      text: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: "2"
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example/web:1.4.2
          imagePullPolcy: Always
          ports:
            - name: http
`,
      findings: [
        { messageId: 'wrong-type', line: 6, column: 13 },
        { messageId: 'unknown-field', line: 18, column: 11 },
        { messageId: 'required-missing', line: 20, column: 15 },
      ],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example/web:1.4.2
          imagePullPolicy: Always
          ports:
            - name: http
              containerPort: 8080
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/reference/kubernetes-api/',
      'https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
      'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
    ],
  },
  async run(context) {
    // The schemas and their walker are loaded by whoever runs the rule, not by whoever lists it.
    const { schemaViolations } = await import('./violations.ts');
    return schemaViolations(context);
  },
};
