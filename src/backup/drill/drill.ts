import type { NotExamined } from '../../core/engine.ts';
import { Fault } from '../../core/fault.ts';
import { type Rehearsed, rehearseSet } from '../rehearse.ts';
import type { Repository } from '../repository/repository.ts';
import type { PublishedManifest } from '../set/manifest.ts';
import { type BucketRef, type DatabaseRef, openStore } from '../sources.ts';
import type { BackupSystems } from '../systems.ts';

/** Where everything is restored to: nothing of the place that was lost. */
export interface DrillPlaces {
  /** Any database of the server. */
  readonly server: DatabaseRef | null;
  readonly store: Pick<BucketRef, 'endpoint' | 'credentials'> | null;
}

export interface Drilled extends Rehearsed {
  /** Milliseconds from the disaster until all was restored and compared. */
  readonly recoveryMs: number;
  /** Milliseconds before the disaster that are lost. */
  readonly lostMs: number;
  /** What the drill took for granted. */
  readonly notExamined: readonly NotExamined[];
}

/** When the disaster was, by both clocks. */
export interface Disaster {
  readonly at: Date;
  /** Milliseconds of the clock that never jumps. */
  readonly began: number;
}

/**
 * Restores a set as if all that it was made of were gone: into a database and buckets of random names at
 * the places named, which go with the scope. Nothing else is asked.
 * @throws Fault `usage-invalid`, `database-*`, `objects-*`, `repository-*`, `tool-missing`, `client-too-old`,
 *   `identity-missing`, `identity-wrong`
 */
export async function drill(
  set: { readonly manifest: PublishedManifest; readonly digest: string },
  { server, store }: DrillPlaces,
  disaster: Disaster,
  repository: Repository,
  systems: BackupSystems,
): Promise<Drilled> {
  const { manifest } = set;
  if (manifest.database && !server) throw unnamed(manifest, 'a database', '--server');
  if (manifest.buckets.length > 0 && !store) throw unnamed(manifest, 'buckets', '--store');
  const stores = new Map(store ? manifest.buckets.map(({ name }) => [name, store] as const) : []);
  const rehearsed = await rehearseSet(set, { server, stores }, repository, systems);
  const instant = manifest.database?.instant.at ?? manifest.createdAt;
  return {
    ...rehearsed,
    recoveryMs: Math.round(systems.clock.monotonic() - disaster.began),
    lostMs: disaster.at.getTime() - Date.parse(instant),
    notExamined: await takenForGranted(manifest, rehearsed, store, systems),
  };
}

const unnamed = ({ set }: PublishedManifest, what: string, flag: string): Fault =>
  new Fault('usage-invalid', `${set} holds ${what}: name where to restore to with ${flag}`);

/** A drill on the very systems that it supposes to be lost says less. */
async function takenForGranted(
  { database, buckets }: PublishedManifest,
  { rehearsal }: Rehearsed,
  store: DrillPlaces['store'],
  systems: BackupSystems,
): Promise<NotExamined[]> {
  const found: NotExamined[] = [];
  const source = database?.identity.systemIdentifier;
  if (source !== undefined && rehearsal.server?.systemIdentifier === source) {
    const why = 'it is the one that the set was made on, with the roles and extensions it has';
    found.push({ what: 'a server that has nothing yet', why });
  }
  if (store && buckets.length > 0) {
    const opened = await openStore(store, systems);
    opened.store.close();
    if (buckets.some(({ endpoint }) => endpoint === opened.endpoint)) {
      found.push({ what: 'another object store', why: 'it is the one that the set was made of' });
    }
  }
  return found;
}
