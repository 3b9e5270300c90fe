import { createHmac, randomBytes } from 'node:crypto';
import type { Kube, KubeObject, Resource } from '../adapters/kube/kube.ts';
import { canonicalJson } from '../core/canonical.ts';
import { concurrently } from '../core/concurrently.ts';
import { Fault } from '../core/fault.ts';
import { listAt, recordAt, stringAt } from '../validators/manifest/read.ts';
import type { OutsideChange } from './observed-parts.ts';

export interface SnapshotEntry {
  /** `Kind/namespace/name`. */
  readonly object: string;
  readonly namespace: string | null;
  readonly uid: string;
  readonly generation: number | null;
  /** Keyed, so that what it is made of cannot be guessed from it. */
  readonly digest: string;
}

/** Everything outside of the sandbox at about one moment. */
export interface Snapshot {
  /** By group, kind, namespace and name. */
  readonly entries: ReadonlyMap<string, SnapshotEntry>;
  /** Field managers of each object with the time of their last write, RFC 3339. */
  readonly managers: ReadonlyMap<string, readonly (readonly [string, string])[]>;
  readonly notListed: readonly { readonly what: string; readonly why: string }[];
}

/** These change by themselves, all the time. */
const restless = new Set(['Event', 'Lease', 'Endpoints', 'EndpointSlice', 'ComponentStatus']);

export interface SnapshotOptions {
  /** Name of the namespace that is left out, with the volumes bound in it. */
  readonly sandbox: string;
  /** Of this run; both of its snapshots are made with the same. */
  readonly key: Buffer;
}

export function newSnapshotKey(): Buffer {
  return randomBytes(32);
}

/** Lists every kind that can be listed; what is forbidden is noted. */
export async function takeSnapshot(
  kube: Kube,
  options: SnapshotOptions,
  signal: AbortSignal,
): Promise<Snapshot> {
  const { resources, unavailable } = await kube.resources(signal);
  const notListed = unavailable.map((what) => ({ what, why: 'its API does not answer' }));
  const listable = resources.filter(
    ({ verbs, preferred, kind }) =>
      // Without watch it is no stored object but a view, such as metrics.
      preferred && verbs.includes('list') && verbs.includes('watch') && !restless.has(kind),
  );
  const entries = new Map<string, SnapshotEntry>();
  const managers = new Map<string, readonly (readonly [string, string])[]>();
  await concurrently(listable, 6, async (resource) => {
    try {
      for await (const object of kube.list(resource, {}, signal)) {
        if (isOfSandbox(object, options.sandbox)) continue;
        const key = keyOf(resource, object);
        entries.set(key, entryOf(object, options.key));
        managers.set(key, managersOf(object));
      }
    } catch (error) {
      if (!(error instanceof Fault) || error.code === 'cluster-unreachable') throw error;
      notListed.push({ what: `${resource.kind} (${resource.apiVersion})`, why: error.message });
    }
  });
  return { entries, managers, notListed };
}

function isOfSandbox(object: KubeObject, sandbox: string): boolean {
  const { namespace, name } = object.metadata;
  if (namespace !== undefined) return namespace === sandbox;
  if (object.kind === 'Namespace') return name === sandbox;
  return (
    object.kind === 'PersistentVolume' &&
    stringAt(object, 'spec', 'claimRef', 'namespace') === sandbox
  );
}

function keyOf({ group, kind }: Resource, { metadata }: KubeObject): string {
  return `${group}/${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

function entryOf(object: KubeObject, key: Buffer): SnapshotEntry {
  const { metadata, status: _, ...content } = object;
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  const kept = canonicalJson({ ...content, labels, annotations, finalizers, ownerReferences });
  return {
    object: [object.kind, ...(metadata.namespace ? [metadata.namespace] : []), metadata.name].join(
      '/',
    ),
    namespace: metadata.namespace ?? null,
    uid: metadata.uid ?? '',
    generation: metadata.generation ?? null,
    digest: createHmac('sha256', key).update(kept).digest('hex'),
  };
}

function managersOf(object: KubeObject): (readonly [string, string])[] {
  return listAt(object, 'metadata', 'managedFields').map((entry) => {
    const { manager, time } = recordAt(entry);
    return [String(manager ?? ''), String(time ?? '')] as const;
  });
}

/**
 * What differs outside of the sandbox, and who wrote it.
 * @param began when the first snapshot was begun
 */
export function compareSnapshots(
  before: Snapshot,
  after: Snapshot,
  { began, fieldManager }: { readonly began: Date; readonly fieldManager: string },
): OutsideChange[] {
  const changes: OutsideChange[] = [];
  const note = (key: string, change: OutsideChange['change'], entry: SnapshotEntry) => {
    const all = after.managers.get(key) ?? [];
    // Times have whole seconds.
    const since = began.getTime() - 1000;
    const managers = all.filter(([, time]) => Date.parse(time) >= since).map(([name]) => name);
    const ours = all.some(([name]) => name === fieldManager);
    const { object, namespace } = entry;
    changes.push({ object, namespace, change, managers: [...new Set(managers)].sort(), ours });
  };
  for (const [key, entry] of after.entries) {
    const known = before.entries.get(key);
    const ours = after.managers.get(key)?.some(([name]) => name === fieldManager) ?? false;
    if (!known || known.uid !== entry.uid) note(key, 'added', entry);
    else if (known.digest !== entry.digest || ours) note(key, 'changed', entry);
  }
  for (const [key, entry] of before.entries) {
    if (!after.entries.has(key)) note(key, 'removed', entry);
  }
  return changes.sort((a, b) => (a.object < b.object ? -1 : 1));
}
