import type { Check } from '../../../core/check.ts';
import type { ManifestSet } from '../../manifest/load.ts';
import { scanMessages } from '../drafts.ts';
import { examplePassword } from '../example-password.ts';

export const check: Check<ManifestSet> = {
  id: 'secret/in-manifests',
  title: 'No credentials in manifests',
  severity: 'error',
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A manifest is read by everyone who may read the repository, and the API server shows environment variables and ConfigMaps to everyone who may list pods. Base64 hides nothing.',
    messages: {
      ...scanMessages,
      'literal-by-name': '{{name}} is set to a literal value, and its name says it is a secret',
      'literal-in-file':
        '{{setting}} is set to a literal value in {{file}}, and its name says it is a secret',
      'secret-object': 'the data of Secret {{name}} is part of the manifests',
    },
    remediation:
      'Revoke the credential; keep it in a secret store, and refer to it with `secretKeyRef` or a mounted Secret that an operator or a sealed form fills.',
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
          value: ${examplePassword}
`,
      findings: [{ messageId: 'literal-by-name', line: 11, column: 18 }],
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
      env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef:
              name: web-database
              key: password
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/configuration/secret/#information-security-for-secrets',
      'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
    ],
    waivable: false,
  },
  async run({ target }) {
    // The scanner's tables are built by whoever runs the rule, not by whoever lists it.
    const { leaksOf, secretNames } = await import('./leaks.ts');
    const names = secretNames(target);
    return target.objects.flatMap((object) => leaksOf(object, names));
  },
};
