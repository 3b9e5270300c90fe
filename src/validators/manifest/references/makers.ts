import { objectsOf, objectsOfGroup } from '../kinds.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { oncePerSet } from '../once-per-set.ts';
import { listAt, stringAt } from '../read.ts';
import { type Wanted, wantedText } from './reference.ts';

/**
 * Secrets that operators make of resources of theirs: by group and kind, the names. From the API
 * references of Sealed Secrets, External Secrets, cert-manager, the Secrets Store CSI driver and the Vault
 * Secrets Operator.
 */
const secretMakers: readonly (readonly [
  group: string,
  kind: string,
  names: (object: ManifestObject) => readonly (string | undefined)[],
])[] = [
  ['bitnami.com', 'SealedSecret', ({ name }) => [name]],
  [
    'external-secrets.io',
    'ExternalSecret',
    ({ name, value }) => [stringAt(value, 'spec', 'target', 'name') || name],
  ],
  ['cert-manager.io', 'Certificate', ({ value }) => [stringAt(value, 'spec', 'secretName')]],
  [
    'secrets-store.csi.x-k8s.io',
    'SecretProviderClass',
    ({ value }) =>
      listAt(value, 'spec', 'secretObjects').map((entry) => stringAt(entry, 'secretName')),
  ],
  ...['VaultStaticSecret', 'VaultDynamicSecret', 'VaultPKISecret'].map(
    (kind) =>
      [
        'secrets.hashicorp.com',
        kind,
        ({ value }: ManifestObject) => [stringAt(value, 'spec', 'destination', 'name')],
      ] as const,
  ),
];

/** Claims of a StatefulSet end in the ordinal of their pod, which autoscaling leaves open. */
const ordinal = /-\d+$/;

const made = oncePerSet((set) => {
  const texts = new Set<string>();
  const add = (kind: string, namespace: string | null, name: string | undefined) => {
    if (name) texts.add(wantedText({ apiVersion: 'v1', kind, namespace, name }));
  };
  for (const [group, kind, names] of secretMakers) {
    for (const object of objectsOfGroup(set, group, kind)) {
      for (const name of names(object)) add('Secret', object.namespace, name);
    }
  }
  for (const { value, namespace, name } of objectsOf(set, 'apps/v1', 'StatefulSet')) {
    for (const template of listAt(value, 'spec', 'volumeClaimTemplates')) {
      const claim = stringAt(template, 'metadata', 'name');
      if (claim) add('PersistentVolumeClaim', namespace, `${claim}-${name}`);
    }
  }
  return texts;
});

/** Whether a controller makes the object of one in the set. */
export function isMade(set: Pick<ManifestSet, 'objects'>, wanted: Wanted): boolean {
  const texts = made(set);
  if (texts.size === 0) return false;
  const { kind, name } = wanted;
  const base =
    kind === 'PersistentVolumeClaim' ? { ...wanted, name: name.replace(ordinal, '') } : wanted;
  return texts.has(wantedText(base)) || texts.has(wantedText({ ...base, namespace: null }));
}
