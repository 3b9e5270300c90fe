import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { quantityOf } from '../quantity.ts';
import { type Path, partAt, stringAt, textsAt } from '../read.ts';
import { follow, missingObject } from '../references/follow.ts';
import { objectsNamed } from '../references/in-set.ts';
import type { Content } from '../references/reference.ts';
import { volumeReferences } from './references.ts';

/**
 * A claim and the volume that it names, or that is reserved for it, fit each other. A volume that is not
 * in the set is not said to be unknown: volumes belong to the cluster.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/volume-binding',
  title: 'Claims fit the volumes that they are meant for',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A claim that its volume does not fit is never bound, and pods that mount it stay Pending.',
    messages: {
      ...missingObject,
      size: 'PersistentVolumeClaim {{claim}} wants {{wanted}}, and PersistentVolume {{volume}} has {{has}}',
      modes:
        'PersistentVolumeClaim {{claim}} wants {{wanted}}, and PersistentVolume {{volume}} can be mounted as {{has}}',
      'volume-mode':
        'PersistentVolumeClaim {{claim}} wants the volume mode {{wanted}}, and PersistentVolume {{volume}} has {{has}}',
      class:
        'PersistentVolumeClaim {{claim}} is of class {{wanted}}, and PersistentVolume {{volume}} of {{has}}',
      reserved:
        'PersistentVolumeClaim {{claim}} names PersistentVolume {{volume}}, which is reserved for {{has}}',
    },
    remediation:
      'Make size, access modes, volume mode and class of the claim those of the volume, or less; a volume without class needs a claim with storageClassName: "".',
    bad: {
      language: 'yaml',
      text: example('20Gi'),
      findings: [{ messageId: 'size', line: 22, column: 16 }],
    },
    good: { language: 'yaml', text: example('10Gi'), findings: [] },
    references: [
      'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume',
      'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding',
    ],
  },
  run(context) {
    const { target } = context;
    const { found, missing } = follow(context, volumeReferences(target), { unknown: 'silent' });
    const named = found.flatMap(({ reference: { from, name }, contents: [volume, other] }) =>
      volume === undefined || other
        ? []
        : [...unfit(from, name, volume), ...taken(from, name, volume)],
    );
    const reserved = objectsOf(target, 'v1', 'PersistentVolume').flatMap(({ name, value }) => {
      const claims = objectsNamed(target, {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: stringAt(value, 'spec', 'claimRef', 'namespace') ?? null,
        name: stringAt(value, 'spec', 'claimRef', 'name') ?? '',
      });
      const [claim, other] = claims;
      // A claim that names its volume was looked at.
      if (claim === undefined || other || stringAt(claim.value, 'spec', 'volumeName')) return [];
      return unfit(claim, name, value);
    });
    return [...missing, ...named, ...reserved];
  },
};

function unfit(claim: ManifestObject, volume: string, content: Content): Draft[] {
  const say = (messageId: string, path: Path, wanted: string, has: string) => {
    const data = { claim: claim.name, volume, wanted, has };
    return [draftAt(claim, path, messageId, { data })];
  };
  const size = ['spec', 'resources', 'requests', 'storage'];
  const wanted = partAt(claim.value, ...size);
  const capacity = partAt(content, 'spec', 'capacity', 'storage');
  const tooSmall = (quantityOf(wanted) ?? 0) > (quantityOf(capacity) ?? Number.POSITIVE_INFINITY);
  const has = textsAt(content, 'spec', 'accessModes');
  const lacks = textsAt(claim.value, 'spec', 'accessModes').filter((mode) => !has.includes(mode));
  const mode = modeOf(claim.value);
  const ownClass = classOf(claim.value);
  return [
    ...(tooSmall ? say('size', size, String(wanted), String(capacity)) : []),
    ...(lacks.length > 0 && has.length > 0
      ? say('modes', ['spec', 'accessModes'], lacks.join(', '), has.join(', '))
      : []),
    ...(mode === modeOf(content)
      ? []
      : say('volume-mode', ['spec', 'volumeMode'], mode, modeOf(content))),
    // A claim that names none is given the default class, which only the cluster knows.
    ...(ownClass === undefined || ownClass === (classOf(content) ?? '')
      ? []
      : say('class', ['spec', 'storageClassName'], ownClass || 'none', classOf(content) || 'none')),
  ];
}

function taken(claim: ManifestObject, volume: string, content: Content): Draft[] {
  const name = stringAt(content, 'spec', 'claimRef', 'name');
  const where = stringAt(content, 'spec', 'claimRef', 'namespace');
  const here = claim.namespace === null || !where || claim.namespace === where;
  if (name === undefined || (name === claim.name && here)) return [];
  const data = { claim: claim.name, volume, has: where ? `${where}/${name}` : name };
  return [draftAt(claim, ['spec', 'volumeName'], 'reserved', { data })];
}

const modeOf = (content: Content): string =>
  stringAt(content, 'spec', 'volumeMode') ?? 'Filesystem';
const classOf = (content: Content): string | undefined =>
  stringAt(content, 'spec', 'storageClassName');

function example(size: string): string {
  return `apiVersion: v1
kind: PersistentVolume
metadata:
  name: archive
spec:
  capacity:
    storage: 10Gi
  accessModes: [ReadWriteOnce]
  storageClassName: ""
  nfs: {server: files.example, path: /archive}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: archive
spec:
  storageClassName: ""
  volumeName: archive
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: ${size}
`;
}
