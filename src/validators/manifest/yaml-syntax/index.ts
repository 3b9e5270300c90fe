import type { Check } from '../../../core/check.ts';
import type { ManifestSet, ProblemId } from '../load.ts';

/** Every document can be read and is a Kubernetes object with an identity. */
export const check: Check<ManifestSet> = {
  id: 'manifest/yaml-syntax',
  title: 'Documents are well-formed Kubernetes objects',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A document that cannot be read is not deployed, or is deployed as something else: of two equal keys, readers keep one without a word.',
    messages: {
      'not-utf8': 'the file is not UTF-8 text',
      'control-character': 'the character {{code}} is not allowed in YAML',
      syntax: 'not valid YAML: {{message}}',
      'duplicate-key': '{{message}}',
      alias: 'an alias cannot be expanded: {{message}}',
      'not-an-object': 'the document is {{actual}}, and a Kubernetes object is a map',
      'missing-identity': 'a Kubernetes object needs {{missing}}, as text',
    } satisfies Record<ProblemId, string>,
    remediation:
      'Mend the document at the place named; `kubectl create --dry-run=client -o yaml` prints well-formed ones.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  mode: fast
  mode: safe
`,
      findings: [{ messageId: 'duplicate-key', line: 7, column: 3 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  mode: safe
`,
      findings: [],
    },
    references: [
      'https://yaml.org/spec/1.2.2/',
      'https://kubernetes.io/docs/concepts/overview/working-with-objects/#required-fields',
    ],
  },
  run({ target, notExamined }) {
    for (const { path, why } of target.skipped) notExamined(path, why);
    return target.problems.map(({ id, data, location }) => ({ messageId: id, data, location }));
  },
};
