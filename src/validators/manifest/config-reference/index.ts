import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { externalsOf } from '../options.ts';
import { recordAt } from '../read.ts';
import { follow, missingObject } from '../references/follow.ts';
import type { Content } from '../references/reference.ts';
import { configReferences } from './references.ts';

const id = 'manifest/config-reference';

/**
 * The keys of ConfigMaps and Secrets that pods refer to exist: in the set, or in the cluster where that
 * was looked at; where it was not, an object that is not in the set is no finding. Option `external`:
 * objects known to exist elsewhere, beside those of `manifests.external`.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'Referenced configuration keys exist',
  severity: 'error',
  critical: true,
  item: 'configuration',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A container that refers to a missing key does not start: its pods stay in CreateContainerConfigError or ContainerCreating.',
    messages: {
      'missing-key': '{{kind}} {{name}} has no key {{key}}',
      ...missingObject,
    },
    remediation:
      'Add the key to the object or correct the reference; set `optional: true` if the container starts without it.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  log-level: info
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      env:
        - name: LOG_LEVEL
          valueFrom:
            configMapKeyRef:
              name: settings
              key: logLevel
`,
      findings: [{ messageId: 'missing-key', line: 21, column: 20 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  log-level: info
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      env:
        - name: LOG_LEVEL
          valueFrom:
            configMapKeyRef:
              name: settings
              key: log-level
`,
      findings: [],
    },
    options: {
      external: 'objects that exist elsewhere, as Kind/name or Kind/namespace/name',
    },
    references: [
      'https://kubernetes.io/docs/concepts/configuration/configmap/#using-configmaps',
      'https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets',
    ],
  },
  run({ target, options, notExamined }) {
    const external = [...(target.external ?? []), ...externalsOf(id, options)];
    const context = { target: { ...target, external }, notExamined };
    const { found, missing } = follow(context, configReferences(target));
    const keys = found.flatMap(({ reference, contents }) => {
      const { kind, name, key, from, path } = reference;
      if (key === undefined || contents.length === 0) return [];
      if (contents.some((content) => hasKey(content, key))) return [];
      return [draftAt(from, path, 'missing-key', { data: { kind, name, key } })];
    });
    return [...missing, ...keys];
  },
};

function hasKey(content: Content, key: string): boolean {
  return ['data', 'binaryData', 'stringData'].some((part) =>
    Object.hasOwn(recordAt(content, part), key),
  );
}
