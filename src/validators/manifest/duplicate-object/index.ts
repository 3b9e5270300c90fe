import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';

/** No object is written twice. */
export const check: Check<ManifestSet> = {
  id: 'manifest/duplicate-object',
  title: 'Every object is defined once',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Of two definitions of one object the last one applied wins, and which that is depends on file names.',
    messages: {
      duplicate: '{{kind}} {{name}} is already defined in {{file}}, line {{line}}',
    },
    remediation: 'Keep one of the definitions, or give them different names or namespaces.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  mode: fast
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  mode: safe
`,
      findings: [{ messageId: 'duplicate', line: 11, column: 9 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  mode: fast
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: trial
data:
  mode: safe
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/names/'],
  },
  run({ target }) {
    const first = new Map<string, ManifestObject>();
    return target.objects.flatMap((object) => {
      if (object.generatedName) return [];
      const key = identityOf(object);
      const earlier = first.get(key);
      if (!earlier) {
        first.set(key, object);
        return [];
      }
      const { kind, name } = object;
      const { line } = earlier.locate(['metadata', 'name']);
      const data = { kind, name, file: earlier.file, line };
      return [draftAt(object, ['metadata', 'name'], 'duplicate', { data })];
    });
  },
};

/** Without the version: the versions of a group are views of the same stored object. */
function identityOf({ apiVersion, kind, namespace, name }: ManifestObject): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return [group, kind, namespace ?? '', name].join('\0');
}
