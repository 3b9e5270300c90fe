import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { classReferences } from '../class-reference/references.ts';
import { draftAt } from '../finding.ts';
import { groupOf } from '../kind-key.ts';
import { kindReferences } from '../kind-reference/references.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { namespaceReferences } from '../namespace-reference/references.ts';
import { stringAt } from '../read.ts';
import { definition } from '../references/external.ts';
import { objectsNamed } from '../references/in-set.ts';
import { isKindItself, type Wanted, wantedText } from '../references/reference.ts';
import { accountReferences } from '../service-account/references.ts';

/**
 * What the API server refuses without another object comes after that: objects after their Namespace,
 * custom resources after their definition, and bare pods after their ServiceAccount and classes.
 * Workloads are accepted in any order, since their controllers try again. Recommended: helm, kustomize
 * and what runs in clusters sort by themselves; `kubectl apply` takes files by name and documents as they
 * stand.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/apply-order',
  title: 'Objects come after what they cannot be made without',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'kubectl apply goes through files by name and documents in order: what comes too early is refused, and a second run is needed.',
    messages: {
      'too-early': '{{kind}} {{name}} comes before {{needed}}, without which it is refused',
    },
    remediation:
      'Put Namespaces, CustomResourceDefinitions and ServiceAccounts first, for instance into a file whose name begins with 00.',
    bad: {
      language: 'yaml',
      text: `${settings()}---\n${namespace()}`,
      findings: [{ messageId: 'too-early', line: 5, column: 14 }],
    },
    good: { language: 'yaml', text: `${namespace()}---\n${settings()}`, findings: [] },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/management/#organizing-resource-configurations',
    ],
  },
  run({ target }) {
    const places = new Map(target.objects.map((object, index) => [object, index]));
    const isLater = (needed: ManifestObject, from: ManifestObject): boolean =>
      (places.get(needed) ?? 0) > (places.get(from) ?? 0);
    const ofPods = [...accountReferences(target), ...classReferences(target)].filter(
      ({ from, kind }) => from.kind === 'Pod' && kind !== 'StorageClass',
    );
    const drafts = new Map<string, Draft>();
    for (const reference of [
      ...namespaceReferences(target),
      ...ofPods,
      ...kindReferences(target),
    ]) {
      const { from, path } = reference;
      const needed = isKindItself(reference)
        ? definitionsOf(reference, target)
        : objectsNamed(target, reference);
      const [later] = needed;
      if (later === undefined || !needed.every((object) => isLater(object, from))) continue;
      const key = wantedText(reference);
      const data = { kind: from.kind, name: from.name, needed: `${later.kind} ${later.name}` };
      drafts.set(key, drafts.get(key) ?? draftAt(from, path, 'too-early', { data }));
    }
    return [...drafts.values()];
  },
};

function definitionsOf(
  { apiVersion, kind }: Wanted,
  target: ManifestSet,
): readonly ManifestObject[] {
  return objectsOf(target, definition.apiVersion, definition.kind).filter(
    ({ value }) =>
      stringAt(value, 'spec', 'group') === groupOf(apiVersion) &&
      stringAt(value, 'spec', 'names', 'kind') === kind,
  );
}

function settings(): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
data:
  mode: fast
`;
}

function namespace(): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: shop
`;
}
