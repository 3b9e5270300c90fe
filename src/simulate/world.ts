import type { KindRef, Kube, KubeObject } from '../adapters/kube/kube.ts';
import { concurrently } from '../core/concurrently.ts';
import { listAt, partAt, stringAt } from '../validators/manifest/read.ts';
import { listed } from './target-namespace.ts';

/** The objects of the sandbox as last seen. */
export interface World {
  /** By uid. */
  readonly objects: ReadonlyMap<string, KubeObject>;
}

/** A world that is kept up to date by watches. */
export interface LiveWorld extends AsyncDisposable {
  current(): World;
  /** Resolves at the next change. @throws Fault when a watch gave up */
  changed(): Promise<void>;
  /** Lists everything anew: a watch that hangs must not decide. */
  refresh(signal: AbortSignal): Promise<void>;
  /** How a container last ended while it was watched: its status forgets the end before last, and may lose the last. */
  lastEnd(pod: KubeObject, container: string): unknown;
}

/** What is always watched: pods, what makes them, and what is said about them. */
const always: readonly KindRef[] = [
  { apiVersion: 'v1', kind: 'Pod' },
  { apiVersion: 'v1', kind: 'Event' },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
];

/** What a StatefulSet makes beside its pods. */
const claimKind: KindRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };

/** Resolves when every watch has given what exists. */
export async function openWorld(
  kube: Kube,
  namespace: string,
  kinds: readonly KindRef[],
  signal: AbortSignal,
): Promise<LiveWorld> {
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  const objects = new Map<string, KubeObject>();
  const ends = new Map<string, unknown>();
  let change = Promise.withResolvers<void>();
  const tell = () => {
    change.resolve();
    change = Promise.withResolvers();
    // Nobody may be waiting when a watch fails.
    change.promise.catch(() => undefined);
  };
  let failure: unknown;
  const made = kinds.some(({ kind }) => kind === 'StatefulSet') ? [claimKind] : [];
  const watched = [
    ...new Map([...always, ...made, ...kinds].map((kind) => [keyOf(kind), kind])).values(),
  ];
  const watches = watched.map((kind) => {
    const synced = Promise.withResolvers<void>();
    const ended = (async () => {
      try {
        for await (const event of kube.watch(kind, { namespace }, either)) {
          if (event.type === 'synced') synced.resolve();
          else if (event.type === 'deleted') objects.delete(uidOf(event.object));
          else {
            objects.set(uidOf(event.object), event.object);
            for (const { container, end } of endsOf(event.object)) {
              ends.set(`${uidOf(event.object)} ${container}`, end);
            }
          }
          tell();
        }
      } catch (error) {
        synced.reject(error);
        if (ending.signal.aborted) return;
        failure = error;
        change.reject(error);
      }
    })();
    synced.promise.catch(() => undefined);
    return { synced: synced.promise, ended };
  });
  const close = async () => {
    ending.abort();
    await Promise.all(watches.map(({ ended }) => ended));
  };
  try {
    await Promise.all(watches.map(({ synced }) => synced));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    current: () => ({ objects }),
    async changed() {
      if (failure !== undefined) throw failure;
      await change.promise;
    },
    async refresh(until) {
      const lists = await concurrently(watched, 6, (kind) => listed(kube, kind, namespace, until));
      objects.clear();
      for (const object of lists.flat()) objects.set(uidOf(object), object);
    },
    lastEnd: (pod, container) => ends.get(`${uidOf(pod)} ${container}`),
    [Symbol.asyncDispose]: close,
  };
}

const keyOf = ({ apiVersion, kind }: KindRef): string => `${apiVersion} ${kind}`;
const uidOf = ({ metadata }: KubeObject): string => metadata.uid ?? '';

/** The last end that the status of a pod tells of each container. */
function endsOf(object: KubeObject): { readonly container: string; readonly end: unknown }[] {
  if (object.kind !== 'Pod') return [];
  return listAt(object, 'status', 'containerStatuses').flatMap((status) => {
    const end = partAt(status, 'state', 'terminated') ?? partAt(status, 'lastState', 'terminated');
    return end === undefined ? [] : [{ container: stringAt(status, 'name') ?? '', end }];
  });
}

/** A world that stands still, with what its objects have to do with each other. */
export interface View {
  byName(kind: string, name: string): KubeObject | undefined;
  /** The objects that one is the controller of. */
  ownedBy(owner: KubeObject, kind: string): readonly KubeObject[];
  /** The pods of a workload; a pod itself is its own. */
  podsOf(workload: KubeObject): readonly KubeObject[];
  /** The pods that mount a claim. */
  claimUsers(claim: string): readonly KubeObject[];
  /** The claims that a pod mounts. */
  claimsOf(pod: KubeObject): readonly KubeObject[];
  /** Warnings about an object, the last first. */
  warningsAbout(object: KubeObject): readonly EventSeen[];
  eventsAbout(object: KubeObject): readonly EventSeen[];
}

export interface EventSeen {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** Such as `spec.containers{web}`. */
  readonly fieldPath: string;
  readonly count: number;
  /** RFC 3339. */
  readonly last: string;
}

export function viewOf({ objects }: World): View {
  const all = [...objects.values()];
  const owned = new Map<string, KubeObject[]>();
  const about = new Map<string, EventSeen[]>();
  for (const object of all) {
    if (object.kind === 'Event') {
      const uid = stringAt(object, 'involvedObject', 'uid') ?? '';
      about.set(uid, [...(about.get(uid) ?? []), eventOf(object)]);
    }
    for (const owner of listAt(object, 'metadata', 'ownerReferences')) {
      const uid = stringAt(owner, 'uid') ?? '';
      owned.set(uid, [...(owned.get(uid) ?? []), object]);
    }
  }
  for (const events of about.values()) events.sort((a, b) => (a.last < b.last ? 1 : -1));
  const ownedBy = (owner: KubeObject, kind: string) =>
    (owned.get(uidOf(owner)) ?? []).filter((object) => object.kind === kind);
  const eventsAbout = (object: KubeObject) => about.get(uidOf(object)) ?? [];
  return {
    byName: (kind, name) =>
      all.find((object) => object.kind === kind && object.metadata.name === name),
    ownedBy,
    podsOf(workload) {
      if (workload.kind === 'Pod') return [workload];
      if (workload.kind !== 'Deployment') return ownedBy(workload, 'Pod');
      return ownedBy(workload, 'ReplicaSet').flatMap((set) => ownedBy(set, 'Pod'));
    },
    claimUsers: (claim) =>
      all.filter((object) => object.kind === 'Pod' && claimsOf(object).includes(claim)),
    claimsOf(pod) {
      const names = claimsOf(pod);
      return all.filter(
        ({ kind, metadata }) => kind === 'PersistentVolumeClaim' && names.includes(metadata.name),
      );
    },
    eventsAbout,
    warningsAbout: (object) => eventsAbout(object).filter(({ type }) => type === 'Warning'),
  };
}

/** Events of both APIs are served as core ones, with the time in one of four places. */
function eventOf(event: KubeObject): EventSeen {
  const last =
    stringAt(event, 'series', 'lastObservedTime') ??
    stringAt(event, 'lastTimestamp') ??
    stringAt(event, 'eventTime') ??
    event.metadata.creationTimestamp;
  const count = event.count;
  return {
    type: stringAt(event, 'type') ?? '',
    reason: stringAt(event, 'reason') ?? '',
    message: stringAt(event, 'message') ?? '',
    fieldPath: stringAt(event, 'involvedObject', 'fieldPath') ?? '',
    count: typeof count === 'number' ? count : 1,
    last: last ?? '',
  };
}

/** Names of the claims a pod mounts. */
function claimsOf(pod: KubeObject): string[] {
  return listAt(pod, 'spec', 'volumes').flatMap(
    (volume) => stringAt(volume, 'persistentVolumeClaim', 'claimName') ?? [],
  );
}
