import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { isRecord, listAt, type Path } from '../read.ts';
import { type Container, podTemplates } from '../workloads.ts';

/** Secrets are mounted as files. CIS numbers are those of the benchmark's versions 1.8 to 1.10. */
export const check: Check<ManifestSet> = {
  id: 'manifest/secret-in-environment',
  title: 'Secrets are files, not variables',
  severity: 'info',
  preset: 'strict',
  cis: ['5.4.1'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Variables are inherited by every child process and end up in crash reports and logs. A mounted Secret stays in its file, and follows when the Secret changes.',
    messages: { variables: 'container {{container}} has {{count}} of its variables from Secrets' },
    remediation: 'Mount the Secret as a volume and have the application read the file.',
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
      env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef:
              name: web-database
              key: password
`,
      findings: [{ messageId: 'variables', line: 13, column: 15 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      volumeMounts:
        - name: database
          mountPath: /run/secrets/database
          readOnly: true
  volumes:
    - name: database
      secret:
        secretName: web-database
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/security/secrets-good-practices/#developers'],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, containers }) =>
      containers.flatMap((container) => {
        const references = referencesOf(container);
        const [first] = references;
        if (!first) return [];
        const all = references.some((path) => path[0] === 'envFrom');
        const data = { container: container.name, count: all ? 'some' : references.length };
        return [draftAt(object, [...container.path, ...first], 'variables', { data })];
      }),
    );
  },
};

function referencesOf({ value }: Container): readonly Path[] {
  return [
    ...listAt(value, 'env').flatMap((variable, index) => {
      if (!isRecord(variable) || !isRecord(variable.valueFrom)) return [];
      return isRecord(variable.valueFrom.secretKeyRef)
        ? [['env', index, 'valueFrom', 'secretKeyRef']]
        : [];
    }),
    ...listAt(value, 'envFrom').flatMap((source, index) =>
      isRecord(source) && isRecord(source.secretRef) ? [['envFrom', index, 'secretRef']] : [],
    ),
  ];
}
