import { listAt, recordAt, stringAt } from './read.ts';
import { type Labels, requirementsOf } from './selectors.ts';

/** Finds what has labels, in time that does not grow with what else there is. */
export interface LabelIndex<T> {
  /**
   * What a LabelSelector selects in a namespace. What has no namespace may be in any, and null stands for
   * a namespace that is open.
   */
  select(selector: unknown, namespace: string | null): readonly T[];
}

interface Labelled {
  readonly labels: Labels;
  readonly namespace: string | null;
}

type Bucket<T> = Map<string | null, T[]>;

export function labelIndex<T>(
  items: readonly T[],
  labelledAs: (item: T) => Labelled,
): LabelIndex<T> {
  const everything: Bucket<T> = new Map();
  const byLabel = new Map<string, Bucket<T>>();
  for (const item of items) {
    const { labels, namespace } = labelledAs(item);
    put(everything, namespace, item);
    for (const [key, value] of labels) {
      const text = `${key}=${value}`;
      const bucket = byLabel.get(text) ?? new Map<string | null, T[]>();
      byLabel.set(text, bucket);
      put(bucket, namespace, item);
    }
  }
  const within = (bucket: Bucket<T> | undefined, namespace: string | null): readonly T[] => {
    if (bucket === undefined) return [];
    if (namespace === null) return [...bucket.values()].flat();
    const own = bucket.get(namespace) ?? [];
    const open = bucket.get(null) ?? [];
    return open.length === 0 ? own : own.length === 0 ? open : [...own, ...open];
  };
  return {
    select(selector, namespace) {
      // Any requirement narrows the search; the one that leaves the fewest is cheapest to go through.
      let candidates: readonly T[] | undefined;
      for (const texts of alternatives(selector)) {
        const found = texts.flatMap((text) => within(byLabel.get(text), namespace));
        if (candidates === undefined || found.length < candidates.length) candidates = found;
      }
      const requirements = requirementsOf(selector);
      return (candidates ?? within(everything, namespace)).filter((item) => {
        const { labels } = labelledAs(item);
        return requirements.every((requirement) => requirement.holds(labels));
      });
    },
  };
}

function put<T>(bucket: Bucket<T>, namespace: string | null, item: T): void {
  const beside = bucket.get(namespace);
  if (beside) beside.push(item);
  else bucket.set(namespace, [item]);
}

/** For each requirement that names values: the labels of which one has to be there. */
function alternatives(selector: unknown): string[][] {
  const pairs = Object.entries(recordAt(selector, 'matchLabels')).map(([key, value]) => [
    `${key}=${String(value)}`,
  ]);
  const lists = listAt(selector, 'matchExpressions')
    .filter((expression) => stringAt(expression, 'operator') === 'In')
    .map((expression) => {
      const key = stringAt(expression, 'key') ?? '';
      const values = new Set(listAt(expression, 'values').map(String));
      return [...values].map((value) => `${key}=${value}`);
    });
  return [...pairs, ...lists];
}
