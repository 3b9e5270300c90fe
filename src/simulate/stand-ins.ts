import { randomBytes } from 'node:crypto';
import type { Kube, KubeObject } from '../adapters/kube/kube.ts';
import { Fault } from '../core/fault.ts';
import { quantityOf } from '../validators/manifest/quantity.ts';
import { partAt, recordAt, stringAt } from '../validators/manifest/read.ts';
import { objectText } from './object-id.ts';
import type { MissingSecret, ObjectId, Rewrite, SecretsSeen } from './observation.ts';
import type { Plan, PlannedObject } from './plan.ts';
import { type Reference, referencesOf } from './references.ts';
import type { SecretSource } from './request.ts';
import { rewriteObject } from './rewrite/rewrite.ts';

/** What the sandbox gets for what the release references and does not bring. */
export interface StandIns {
  readonly objects: readonly PlannedObject[];
  readonly secrets: SecretsSeen;
  readonly rewrites: readonly Rewrite[];
}

interface Wanted extends Reference {
  readonly usedBy: ObjectId;
}

export async function standInsFor(
  plan: Plan,
  request: {
    readonly kube: Kube;
    readonly targetNamespace: string;
    readonly secrets: ReadonlyMap<string, SecretSource>;
    readonly sandbox: string;
  },
  signal: AbortSignal,
): Promise<StandIns> {
  const { kube, targetNamespace, sandbox } = request;
  const objects: PlannedObject[] = [];
  const given: SecretsSeen['given'][number][] = [];
  const missing: MissingSecret[] = [];
  const rewrites: Rewrite[] = [];
  const add = (object: KubeObject, why: string): void => {
    const { apiVersion, kind } = object;
    const { name } = object.metadata;
    const id = { apiVersion, kind, namespace: targetNamespace, name, file: null, line: null };
    objects.push({ id, kind, service: null, original: object, object });
    rewrites.push({ object: objectText({ kind, name }), path: '', from: null, to: 'added', why });
  };
  const target = async (kind: string, name: string): Promise<KubeObject | undefined> =>
    kube.get({ apiVersion: 'v1', kind, name, namespace: targetNamespace }, signal);

  for (const { kind, name, keys, usedBy } of wantedOf(plan)) {
    if (kind === 'Secret') {
      const source = request.secrets.get(name);
      const live = source?.from === 'values' ? undefined : await forgiven(() => target(kind, name));
      const made =
        source && secretFor({ name, keys, namespace: sandbox }, source, live ?? undefined);
      if (made && source) {
        add(made, source.from === 'copy' ? copied : `${source.from} for the sandbox`);
        given.push({ name, from: source.from });
      } else {
        missing.push({ name, keys, usedBy, inTarget: live === null ? null : live !== undefined });
      }
      continue;
    }
    const live = await forgiven(() => target(kind, name));
    if (!live) continue;
    if (kind === 'ConfigMap') {
      const { data, binaryData } = live;
      const own = { ...bare(kind, name, sandbox), data, binaryData };
      const sources = new Set([targetNamespace]);
      add(rewriteObject(own, { sandbox, sources, images: new Map() }).object, copied);
    } else if (kind === 'ServiceAccount') {
      // Annotations may give it rights outside of the cluster, so they stay behind.
      const { imagePullSecrets, automountServiceAccountToken } = live;
      const own = { ...bare(kind, name, sandbox), imagePullSecrets, automountServiceAccountToken };
      add(own, 'the account of the target, without its rights');
    } else {
      add(claimOf(live, sandbox), 'a new, empty claim instead of the one of the target');
    }
  }
  return { objects, secrets: { given, missing }, rewrites };
}

const copied = 'copied from the target, since the release references it';

/** Null when it may not be read. */
async function forgiven(
  read: () => Promise<KubeObject | undefined>,
): Promise<KubeObject | undefined | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Fault && error.code === 'cluster-denied') return null;
    throw error;
  }
}

function wantedOf(plan: Plan): Wanted[] {
  const brought = new Set(plan.inside.map(({ object }) => objectText(nameOf(object))));
  // Every namespace has these.
  for (const own of ['ConfigMap/kube-root-ca.crt', 'ServiceAccount/default']) brought.add(own);
  const wanted = new Map<string, Wanted>();
  for (const { id, original } of plan.inside) {
    for (const reference of referencesOf(original)) {
      const key = objectText(reference);
      if (brought.has(key)) continue;
      const known = wanted.get(key);
      const keys = [...new Set([...(known?.keys ?? []), ...reference.keys])].sort();
      wanted.set(key, { ...reference, keys, usedBy: known?.usedBy ?? id });
    }
  }
  return [...wanted.values()];
}

const nameOf = ({ kind, metadata }: KubeObject) => ({ kind, name: metadata.name });

function bare(kind: string, name: string, namespace: string): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace } };
}

/** Undefined when what it would be made of is not there. */
function secretFor(
  wanted: { readonly name: string; readonly keys: readonly string[]; readonly namespace: string },
  source: SecretSource,
  live: KubeObject | undefined,
): KubeObject | undefined {
  const secret = bare('Secret', wanted.name, wanted.namespace);
  const type = stringAt(live, 'type') ?? 'Opaque';
  const data = recordAt(live, 'data');
  if (source.from === 'values') {
    const registry = '.dockerconfigjson' in source.values;
    const own = registry ? 'kubernetes.io/dockerconfigjson' : 'Opaque';
    return { ...secret, type: own, stringData: source.values };
  }
  if (source.from === 'copy') {
    const keys = source.keys ?? Object.keys(data);
    if (!live || keys.some((key) => !(key in data))) return undefined;
    return { ...secret, type, data: Object.fromEntries(keys.map((key) => [key, data[key]])) };
  }
  // Of a Secret that is taken whole, the one of the target tells the keys.
  const keys = wanted.keys.length > 0 ? wanted.keys : Object.keys(data);
  if (keys.length === 0) return undefined;
  const values = keys.map((key) => [key, randomBytes(24).toString('base64url')]);
  return { ...secret, type: 'Opaque', stringData: Object.fromEntries(values) };
}

/** Bytes; what a simulation writes fits into it. */
const largestClaim = 2 ** 30;

function claimOf(live: KubeObject, namespace: string): KubeObject {
  const asked = partAt(live, 'spec', 'resources', 'requests', 'storage');
  const storage = (quantityOf(asked) ?? 0) > largestClaim ? '1Gi' : asked;
  const { accessModes, storageClassName, volumeMode } = recordAt(live, 'spec');
  const spec = { accessModes, storageClassName, volumeMode, resources: { requests: { storage } } };
  return { ...bare('PersistentVolumeClaim', live.metadata.name, namespace), spec };
}
