/** Where a number comes from; an `assumed` one never proves anything. */
export type Source = 'measured' | 'history' | 'spec' | 'assumed';

/** Seconds. */
export interface Term {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly source: Source;
  /** How the number came about, for people. */
  readonly how: string;
}

export interface Estimate {
  readonly terms: readonly Term[];
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** The weakest of the terms' sources. */
  readonly source: Source;
}

/** What decides how many times the pods of a workload are waited for. */
export type Shape =
  | {
      readonly kind: 'Deployment';
      readonly replicas: number;
      /** Pods that may be added to and taken from the replicas, in numbers. */
      readonly surge: number;
      readonly unavailable: number;
      readonly recreate: boolean;
    }
  | { readonly kind: 'StatefulSet'; readonly replicas: number }
  | { readonly kind: 'DaemonSet'; readonly nodes: number; readonly unavailable: number };

export interface WorkloadTimes {
  readonly name: string;
  readonly shape: Shape;
  /** From the order until the controller acts on it. */
  readonly api: Term;
  /** From the creation of a pod until it counts as available; the parts add up. */
  readonly pod: readonly Term[];
  /** From the deletion of a pod until it is gone. */
  readonly termination: Term;
  /** The last rollout as a whole, when it is known. */
  readonly lastRollout: Term | null;
}

/** Times the pods come one after another. */
export function wavesOf(shape: Shape): number {
  switch (shape.kind) {
    case 'Deployment':
      if (shape.recreate) return shape.replicas === 0 ? 0 : 1;
      return Math.ceil(shape.replicas / Math.max(1, shape.surge + shape.unavailable));
    case 'StatefulSet':
      return shape.replicas;
    case 'DaemonSet':
      return Math.ceil(shape.nodes / Math.max(1, shape.unavailable));
  }
}

/** Whether an old pod has to be gone before its successor starts. */
function waitsForEnd(shape: Shape): boolean {
  return shape.kind !== 'Deployment' || shape.recreate;
}

/**
 * The terms of one workload: T = api + waves * pod for a rolling update, api + waves * (termination +
 * pod) where each pod has to go first. A whole rollout of the past overrides the middle of that and
 * widens its range.
 */
export function workloadTerms({
  name,
  shape,
  api,
  pod,
  termination,
  lastRollout,
}: WorkloadTimes): Term[] {
  const waves = wavesOf(shape);
  const each = waitsForEnd(shape) ? [termination, ...pod] : pod;
  const computed = each
    .filter(({ high }) => high > 0)
    .map(
      (term): Term => ({
        ...scaled(term, waves),
        name: `${name}: ${term.name}`,
        how: waves === 1 ? term.how : `${waves} times ${round(term.value)} s: ${term.how}`,
      }),
    );
  const first = { ...api, name: `${name}: ${api.name}` };
  if (lastRollout === null) return [first, ...computed];
  const sum = totalOf(computed);
  // The past rollout had its own order to the server in it.
  return [
    {
      name: `${name}: rollout`,
      value: lastRollout.value,
      low: Math.min(lastRollout.low, sum.low),
      high: Math.max(lastRollout.high, api.high + sum.high),
      source: weakest([lastRollout.source, sum.source]),
      how: `${lastRollout.how}; pod by pod it would be ${round(sum.value)} s`,
    },
  ];
}

/** Terms that follow each other. */
export function totalOf(terms: readonly Term[]): Estimate {
  const sum = (field: 'value' | 'low' | 'high') =>
    terms.reduce((total, term) => total + term[field], 0);
  return {
    terms,
    value: sum('value'),
    low: sum('low'),
    high: sum('high'),
    source: weakest(terms.filter(({ high }) => high > 0).map(({ source }) => source)),
  };
}

export type TimeVerdict = 'within' | 'over' | 'unproven';

/** Within only when the upper end is, and nothing in it is assumed; over when the point is. */
export function timeVerdict(
  { value, high, source }: Pick<Estimate, 'value' | 'high' | 'source'>,
  limitSeconds: number,
): TimeVerdict {
  if (value > limitSeconds) return 'over';
  return high <= limitSeconds && source !== 'assumed' ? 'within' : 'unproven';
}

/**
 * The range of the next time after `samples` of it: log-normal, 95 % one-sided either way. Undefined
 * for fewer than two, of which nothing about the spread can be known.
 */
export function predict(
  samples: readonly number[],
): { readonly value: number; readonly low: number; readonly high: number } | undefined {
  const k = samples.length;
  if (k < 2) return undefined;
  // Times are told in whole seconds, so a time of nothing was something.
  const logs = samples.map((seconds) => Math.log(Math.max(seconds, 0.5)));
  const mean = logs.reduce((sum, log) => sum + log, 0) / k;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (k - 1);
  const spread = studentT95(k - 1) * Math.sqrt(variance * (1 + 1 / k));
  return { value: Math.exp(mean), low: Math.exp(mean - spread), high: Math.exp(mean + spread) };
}

/** Quantile 0.95 of Student's t distribution; NIST/SEMATECH e-Handbook, section 1.3.6.7.2. */
function studentT95(freedom: number): number {
  const table = [
    6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761,
    1.753, 1.746, 1.74, 1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701,
    1.699, 1.697,
  ];
  return table[freedom - 1] ?? 1.697;
}

function scaled(term: Term, by: number): Term {
  return { ...term, value: term.value * by, low: term.low * by, high: term.high * by };
}

const strength = ['measured', 'history', 'spec', 'assumed'] as const satisfies readonly Source[];

function weakest(sources: readonly Source[]): Source {
  return strength.findLast((source) => sources.includes(source)) ?? 'measured';
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
