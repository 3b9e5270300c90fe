import type { WatchEvent } from './kube.ts';
import type { KubeObject } from './object.ts';

/** What a watch has given so far, and what a change or a new list adds to that. */
export interface Known {
  /** A change that the server tells. */
  changed(deleted: boolean, object: KubeObject): Generator<WatchEvent>;
  /** A list of everything, seen object by object. */
  listing(): {
    seen(object: KubeObject): Generator<WatchEvent>;
    /** At the end: what is known and was not in the list. */
    missing(): Generator<WatchEvent>;
  };
}

export function createKnown(): Known {
  const objects = new Map<string, KubeObject>();

  function* present(object: KubeObject): Generator<WatchEvent> {
    const key = keyOf(object);
    let before = objects.get(key);
    if (before && before.metadata.uid !== object.metadata.uid) {
      // Made anew under its old name while nobody looked.
      objects.delete(key);
      yield { type: 'deleted', object: before };
      before = undefined;
    }
    if (before?.metadata.resourceVersion === object.metadata.resourceVersion && before) return;
    objects.set(key, object);
    yield { type: before ? 'modified' : 'added', object };
  }

  return {
    *changed(deleted, object) {
      if (!deleted) yield* present(object);
      else if (objects.delete(keyOf(object))) yield { type: 'deleted', object };
    },
    listing() {
      const listed = new Set<string>();
      return {
        *seen(object) {
          listed.add(keyOf(object));
          yield* present(object);
        },
        *missing() {
          for (const [key, object] of [...objects]) {
            if (listed.has(key)) continue;
            objects.delete(key);
            yield { type: 'deleted', object };
          }
        },
      };
    },
  };
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
