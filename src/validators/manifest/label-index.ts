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

interface Bucket<T> {
  readonly all: T[];
  readonly byNamespace: Map<string | null, T[]>;
}

const newBucket = <T>(): Bucket<T> => ({ all: [], byNamespace: new Map() });

export function labelIndex<T>(
  items: readonly T[],
  labelledAs: (item: T) => Labelled,
): LabelIndex<T> {
  const everything = newBucket<T>();
  const byLabel = new Map<string, Bucket<T>>();
  for (const item of items) {
    const { labels, namespace } = labelledAs(item);
    put(everything, namespace, item);
    for (const [key, value] of labels) {
      const text = `${key}=${value}`;
      const bucket = byLabel.get(text) ?? newBucket<T>();
      byLabel.set(text, bucket);
      put(bucket, namespace, item);
    }
  }
  return {
    select(selector, namespace) {
      // Any requirement narrows the search; the one that leaves the fewest is cheapest to go through.
      const [first, ...others] = alternatives(selector).map((texts) =>
        texts.flatMap((text) => within(byLabel.get(text), namespace)),
      );
      const smallest = others.reduce<Lists<T> | undefined>(
        (best, other) => (best === undefined || sizeOf(other) < sizeOf(best) ? other : best),
        first,
      );
      const requirements = requirementsOf(selector);
      return (smallest ?? within(everything, namespace)).flatMap((list) =>
        list.filter((item) => {
          const { labels } = labelledAs(item);
          return requirements.every((requirement) => requirement.holds(labels));
        }),
      );
    },
  };
}

/** Lists whose items all count; they are not joined, because most are never gone through. */
type Lists<T> = readonly (readonly T[])[];

const sizeOf = (lists: Lists<unknown>): number =>
  lists.reduce((sum, { length }) => sum + length, 0);

function within<T>(bucket: Bucket<T> | undefined, namespace: string | null): Lists<T> {
  if (bucket === undefined) return [];
  if (namespace === null) return [bucket.all];
  const { byNamespace } = bucket;
  return [byNamespace.get(namespace) ?? [], byNamespace.get(null) ?? []];
}

function put<T>({ all, byNamespace }: Bucket<T>, namespace: string | null, item: T): void {
  all.push(item);
  const beside = byNamespace.get(namespace);
  if (beside) beside.push(item);
  else byNamespace.set(namespace, [item]);
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
