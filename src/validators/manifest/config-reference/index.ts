import type { Check } from '../../../core/check.ts';
import { type Reference, referencesOf } from '../config-references.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { externalsOf, isExternal } from '../options.ts';
import { recordAt } from '../read.ts';
import { mayShareNamespace, podTemplates } from '../workloads.ts';

const id = 'manifest/config-reference';

/**
 * The keys of ConfigMaps and Secrets that pods refer to exist: in the set, or in the cluster where that
 * was looked at; where it was not, an object that is not in the set is no finding. Option `external`:
 * objects known to exist elsewhere, as `Secret/name` or `Secret/namespace/name`.
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
      'missing-object': '{{kind}} {{name}} is neither in the manifests nor in {{place}}',
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
    const external = externalsOf(id, options);
    const sources = Map.groupBy(
      [...objectsOf(target, 'v1', 'ConfigMap'), ...objectsOf(target, 'v1', 'Secret')],
      ({ kind, name }) => `${kind} ${name}`,
    );
    const unknown = new Set<string>();
    const missing = new Set<string>();
    const drafts = podTemplates(target).flatMap((template) =>
      referencesOf(template).flatMap((reference) => {
        const { kind, name, key, path } = reference;
        const { namespace } = template.object;
        if (reference.optional || isExternal(external, { kind, namespace, name })) return [];
        const found = (sources.get(`${kind} ${name}`) ?? []).filter((source) =>
          mayShareNamespace(source, template.object),
        );
        const live = found.length > 0 ? undefined : liveSource(target, reference, namespace);
        if (found.length === 0 && live === undefined) unknown.add(`${kind} ${name}`);
        if (live?.keys === null) {
          const { place } = live;
          // It is missing as a whole: once is enough, where it is named first.
          if (missing.has(`${kind} ${name}`)) return [];
          missing.add(`${kind} ${name}`);
          return [
            draftAt(template.object, path, 'missing-object', { data: { kind, name, place } }),
          ];
        }
        const keys = live ? [new Set(live.keys)] : found.map(keysOf);
        if (keys.length === 0 || key === undefined) return [];
        if (keys.some((known) => known.has(key))) return [];
        return [draftAt(template.object, path, 'missing-key', { data: { kind, name, key } })];
      }),
    );
    for (const what of unknown) {
      const why =
        target.liveProblem ??
        'not in the manifests, and the cluster is not looked at; option external declares it';
      notExamined(what, why);
    }
    return drafts;
  },
};

function liveSource(
  { live = [] }: ManifestSet,
  { kind, name }: Reference,
  namespace: string | null,
) {
  return live.find(
    (source) =>
      source.kind === kind &&
      source.name === name &&
      (namespace === null || source.namespace === namespace),
  );
}

function keysOf({ value }: ManifestObject): Set<string> {
  return new Set(
    ['data', 'binaryData', 'stringData'].flatMap((part) => Object.keys(recordAt(value, part))),
  );
}
