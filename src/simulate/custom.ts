import type { KubeObject } from '../adapters/kube/kube.ts';
import { numberAt, partAt } from '../validators/manifest/read.ts';
import { conditionOf, groupOf } from './object-id.ts';
import type { Standing } from './readiness.ts';

/** When custom resources of one kind are ready, where they do not follow the conventions. */
export interface ReadinessRule {
  readonly group: string;
  readonly kind: string;
  readonly ready: Matcher;
  /** When they never will be; by the conventions alone when not given. */
  readonly failed?: Matcher | undefined;
}

/** A condition and its status (`True` when not given), or a field and the values it may have. */
export type Matcher =
  | { readonly condition: string; readonly status?: string | undefined }
  | { readonly path: string; readonly values: readonly (string | number | boolean)[] };

/**
 * How a custom resource stands: by a rule for its kind or else by the conventions that most controllers
 * follow: a condition `Ready` (Kubernetes API conventions, "Typical status properties"), and
 * `Reconciling` and `Stalled` (kstatus, sigs.k8s.io/cli-utils). Without `Ready` nothing says that it is.
 */
export function customStanding(object: KubeObject, rules: readonly ReadinessRule[] = []): Standing {
  const generation = object.metadata.generation ?? 0;
  const seen = numberAt(object, 'status', 'observedGeneration');
  if (seen !== undefined && seen < generation) {
    return { state: 'waiting', message: 'its controller has not looked at it yet' };
  }
  const group = groupOf(object.apiVersion);
  const rule = rules.find((entry) => entry.group === group && entry.kind === object.kind);
  return rule ? standingBy(rule, object) : standingByConvention(object, generation);
}

function standingBy({ ready, failed }: ReadinessRule, object: KubeObject): Standing {
  const hopeless = failed === undefined ? undefined : matched(failed, object);
  if (hopeless?.matches) return { state: 'failed', message: hopeless.told };
  const { matches, told } = matched(ready, object);
  return { state: matches ? 'ready' : 'waiting', message: told };
}

interface Matched {
  readonly matches: boolean;
  /** What the object says of it, for a person. */
  readonly told: string;
}

function matched(matcher: Matcher, object: KubeObject): Matched {
  if ('condition' in matcher) {
    const { condition: type, status = 'True' } = matcher;
    const found = conditionOf(object, type);
    const current = (found?.observedGeneration ?? Infinity) >= (object.metadata.generation ?? 0);
    const told = `its condition ${type} is ${found?.status ?? 'missing'}`;
    return {
      matches: found?.status === status && current,
      told: found === undefined ? told : said(found, told),
    };
  }
  const value = partAt(object, ...matcher.path.split('.'));
  const told = `its ${matcher.path} is ${value === undefined ? 'missing' : JSON.stringify(value)}`;
  return { matches: matcher.values.some((wanted) => wanted === value), told };
}

function standingByConvention(object: KubeObject, generation: number): Standing {
  const stalled = conditionOf(object, 'Stalled');
  if (stalled?.status === 'True') {
    return { state: 'failed', message: said(stalled, 'its controller has given up') };
  }
  const reconciling = conditionOf(object, 'Reconciling');
  if (reconciling?.status === 'True') {
    return { state: 'waiting', message: said(reconciling, 'its controller is at work') };
  }
  const ready = conditionOf(object, 'Ready');
  if (!ready) return { state: 'unknown', message: 'no rule says when it is ready' };
  if ((ready.observedGeneration ?? generation) < generation) {
    return { state: 'waiting', message: 'its controller has not looked at it yet' };
  }
  return ready.status === 'True'
    ? { state: 'ready', message: 'its condition Ready is True' }
    : { state: 'waiting', message: said(ready, `its condition Ready is ${ready.status}`) };
}

const said = ({ message }: { readonly message: string }, otherwise: string): string =>
  message === '' ? otherwise : message;
