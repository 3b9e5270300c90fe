import type { Unloaded } from '../../core/engine.ts';
import { Fault } from '../../core/fault.ts';
import type { InputRecord } from '../../core/record.ts';
import type { TargetKind } from '../../core/target.ts';
import type { TargetContext } from './context.ts';
import { commitInput, configInput, environmentInput, inputOf } from './inputs.ts';
import type { Loaded, Observed, Observer } from './loaded.ts';
import { loaders } from './loaders.ts';

/** Everything one release consists of. Each part is read once, when it is first asked for. */
export interface ReleaseTargets {
  load(kind: TargetKind): Promise<readonly Loaded[]>;
  /** Why a kind that was asked for has no target: what to configure. */
  absence(kind: TargetKind): string | undefined;
  /** What was observed so far. */
  observed(): readonly Observed[];
  /** What was asked for so far and could not be loaded. */
  unloaded(): Promise<readonly Unloaded[]>;
  /** The commit that is checked out; undefined outside of a git work tree. */
  commit(): Promise<InputRecord | undefined>;
  /** What a signature binds: configuration, environment, commit, images and what is beside them, manifests, migrations. */
  inputs(): Promise<readonly InputRecord[]>;
}

/** The kinds a signature covers; source files are covered by the commit. */
export const boundKinds: readonly TargetKind[] = ['image', 'manifestSet', 'migrationSet'];

export function releaseTargets(context: TargetContext): ReleaseTargets {
  const loading = new Map<TargetKind, Promise<readonly Loaded[]>>();
  const absences = new Map<TargetKind, string>();
  const observations: Observed[] = [];
  const observe = async (kind: TargetKind, observer: Observer): Promise<readonly Loaded[]> => {
    try {
      const seen = await observer();
      if (typeof seen === 'string') {
        absences.set(kind, seen);
        return [];
      }
      observations.push(seen);
      return seen.loaded;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return [{ kind, source: kind, fault: error }];
    }
  };
  const start = async (kind: TargetKind): Promise<readonly Loaded[]> => {
    const observer = context.observers?.[kind];
    if (observer) return observe(kind, observer);
    return (await loaders[kind]?.(context, load)) ?? [];
  };
  const load = (kind: TargetKind): Promise<readonly Loaded[]> => {
    const known = loading.get(kind);
    if (known) return known;
    const started = start(kind);
    loading.set(kind, started);
    return started;
  };
  const commit = once(() => commitInput(context));
  const inputs = once(async () => {
    const [head, ...loaded] = await Promise.all([commit(), ...boundKinds.map(load)]);
    return [
      ...configInput(context),
      ...environmentInput(context),
      ...(head ? [head] : []),
      ...loaded.flat().flatMap(inputOf),
    ];
  });
  const unloaded = async () => {
    const loaded = (await Promise.all(loading.values())).flat();
    return loaded.flatMap(({ source, fault }) => (fault ? [{ target: source, fault }] : []));
  };
  const absence = (kind: TargetKind) => absences.get(kind);
  return { load, absence, observed: () => observations, unloaded, commit, inputs };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
