import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { externalsOf, isExternal } from '../options.ts';
import { listAt, type Path, partAt, recordAt, stringAt } from '../read.ts';
import { isKind, mayShareNamespace, type PodTemplate, podTemplates } from '../workloads.ts';

const id = 'manifest/config-reference';

/**
 * The keys of ConfigMaps and Secrets that pods refer to exist. An object that is not in the set is no
 * finding: it may be in the cluster, which is not looked at. Option `external`: objects known to exist
 * elsewhere, as `Secret/name` or `Secret/namespace/name`.
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
      target.objects.filter(
        (object) => isKind(object, 'v1', 'ConfigMap') || isKind(object, 'v1', 'Secret'),
      ),
      ({ kind, name }) => `${kind} ${name}`,
    );
    const unknown = new Set<string>();
    const drafts = podTemplates(target).flatMap((template) =>
      referencesOf(template).flatMap((reference) => {
        const { kind, name, key, path } = reference;
        const { namespace } = template.object;
        if (reference.optional || isExternal(external, { kind, namespace, name })) return [];
        const found = (sources.get(`${kind} ${name}`) ?? []).filter((source) =>
          mayShareNamespace(source, template.object),
        );
        if (found.length === 0) unknown.add(`${kind} ${name}`);
        if (found.length === 0 || key === undefined) return [];
        if (found.some((source) => keysOf(source).has(key))) return [];
        return [draftAt(template.object, path, 'missing-key', { data: { kind, name, key } })];
      }),
    );
    for (const what of unknown) {
      const why =
        'not in the manifests, and the cluster is not looked at; option external declares it';
      notExamined(what, why);
    }
    return drafts;
  },
};

function keysOf({ value }: ManifestObject): Set<string> {
  return new Set(
    ['data', 'binaryData', 'stringData'].flatMap((part) => Object.keys(recordAt(value, part))),
  );
}

interface Reference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** Undefined when the object is used as a whole. */
  readonly key: string | undefined;
  readonly optional: boolean;
  /** From the object that refers, to the key or else to the name. */
  readonly path: Path;
}

function referencesOf(template: PodTemplate): Reference[] {
  const ofContainers = template.containers.flatMap(({ value, path }) => [
    ...listAt(value, 'env').flatMap((entry, index) => {
      const at = [...path, 'env', index, 'valueFrom'];
      return [
        ...keyReference('ConfigMap', partAt(entry, 'valueFrom'), at, 'configMapKeyRef'),
        ...keyReference('Secret', partAt(entry, 'valueFrom'), at, 'secretKeyRef'),
      ];
    }),
    ...listAt(value, 'envFrom').flatMap((entry, index) => {
      const at = [...path, 'envFrom', index];
      return [
        ...wholeReference('ConfigMap', entry, at, 'configMapRef'),
        ...wholeReference('Secret', entry, at, 'secretRef'),
      ];
    }),
  ]);
  const ofVolumes = listAt(template.spec, 'volumes').flatMap((volume, index) => {
    const at = [...template.specPath, 'volumes', index];
    const projected = listAt(volume, 'projected', 'sources').flatMap((source, place) => {
      const sourceAt = [...at, 'projected', 'sources', place];
      return [
        ...fileReferences('ConfigMap', source, sourceAt, 'configMap'),
        ...fileReferences('Secret', source, sourceAt, 'secret'),
      ];
    });
    return [
      ...fileReferences('ConfigMap', volume, at, 'configMap'),
      ...fileReferences('Secret', volume, at, 'secret', 'secretName'),
      ...projected,
    ];
  });
  return [...ofContainers, ...ofVolumes];
}

/** `configMapKeyRef` and `secretKeyRef` of an environment variable. */
function keyReference(
  kind: Reference['kind'],
  holder: unknown,
  at: Path,
  field: string,
): Reference[] {
  return wholeReference(kind, holder, at, field).map((reference) => ({
    ...reference,
    key: stringAt(holder, field, 'key'),
    path: [...at, field, 'key'],
  }));
}

function wholeReference(
  kind: Reference['kind'],
  holder: unknown,
  at: Path,
  field: string,
  nameField = 'name',
): Reference[] {
  const name = stringAt(holder, field, nameField);
  if (!name) return [];
  const optional = partAt(holder, field, 'optional') === true;
  return [{ kind, name, key: undefined, optional, path: [...at, field, nameField] }];
}

/** A volume takes the keys listed in `items`, or all there are. */
function fileReferences(
  kind: Reference['kind'],
  holder: unknown,
  at: Path,
  field: string,
  nameField = 'name',
): Reference[] {
  return wholeReference(kind, holder, at, field, nameField).flatMap((reference) => [
    reference,
    ...listAt(holder, field, 'items').map((item, index) => ({
      ...reference,
      key: stringAt(item, 'key'),
      path: [...at, field, 'items', index, 'key'],
    })),
  ]);
}
