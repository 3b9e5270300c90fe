import { objectsOf } from './kinds.ts';
import type { ManifestObject, ManifestSet } from './load.ts';
import { listAt, type Path, stringAt } from './read.ts';
import { mayShareNamespace, type PodTemplate } from './workloads.ts';

/** A PersistentVolumeClaim that all pods of a template share. */
export interface SharedClaim {
  readonly name: string;
  /** From the object to the name of the claim. */
  readonly path: Path;
  /** Undefined when the claim is not in the set: it was made elsewhere. */
  readonly modes: readonly string[] | undefined;
}

/** Finds the claims that the volumes of a pod name; those of StatefulSets are one for each pod. */
export function claimFinder(set: ManifestSet): (template: PodTemplate) => readonly SharedClaim[] {
  const claims = Map.groupBy(
    objectsOf(set, 'v1', 'PersistentVolumeClaim'),
    (claim: ManifestObject) => claim.name,
  );
  return ({ object, spec, specPath }) =>
    listAt(spec, 'volumes').flatMap((volume, index) => {
      const name = stringAt(volume, 'persistentVolumeClaim', 'claimName');
      if (!name) return [];
      const path = [...specPath, 'volumes', index, 'persistentVolumeClaim', 'claimName'];
      const claim = claims.get(name)?.find((candidate) => mayShareNamespace(candidate, object));
      const modes = claim && listAt(claim.value, 'spec', 'accessModes').map(String);
      return [{ name, path, modes }];
    });
}

/** Whether pods on two nodes cannot have the volume at once. */
export function isForOneNode(modes: readonly string[]): boolean {
  return !modes.some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany');
}
