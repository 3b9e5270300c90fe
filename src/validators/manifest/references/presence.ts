import { groupOf } from '../kind-key.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { stringAt } from '../read.ts';
import { isBuiltIn } from './built-in.ts';
import { answers, definition } from './external.ts';
import { objectsNamed } from './in-set.ts';
import { isMade } from './makers.ts';
import { type Content, isKindItself, type Wanted, wantedText } from './reference.ts';

/** Whether an object is there for the one that refers to it. */
export type Presence =
  /** Nothing is known of what is in it when `contents` is empty: declared, built in, or made later. */
  | { readonly state: 'found'; readonly contents: readonly Content[] }
  /** A cluster was asked, and has none either; `place` says where, for people. */
  | { readonly state: 'absent'; readonly place: string }
  | { readonly state: 'unknown'; readonly why: string };

/** What a cluster said about an object that the set does not hold. */
export interface LiveAnswer {
  readonly wanted: Wanted;
  readonly presence: Presence;
}

/** What is known without a cluster. */
type Files = Pick<ManifestSet, 'objects' | 'definitions' | 'external'>;
type Surroundings = Files & Pick<ManifestSet, 'complete' | 'live' | 'liveProblem'>;

const notLookedAt =
  'not in the manifests, and no cluster was looked at; declare it under manifests.external, or look it up with --live';
const notRead = 'it may be in a document that was not read';

/**
 * From the set, then what every cluster has, what controllers make, what is declared and what a cluster
 * was asked. What is in none of them is unknown, never absent: a release is seldom all there is.
 */
export function presenceOf(set: Surroundings, wanted: Wanted): Presence {
  const known = presenceWithin(set, wanted);
  if (known) return known;
  const answer = answersOf(set)?.get(wantedText(wanted));
  if (answer?.state === 'absent' && !set.complete) return { state: 'unknown', why: notRead };
  if (answer) return answer;
  return { state: 'unknown', why: set.complete ? (set.liveProblem ?? notLookedAt) : notRead };
}

const nothingKnown: Presence = { state: 'found', contents: [] };

/** What can be said without a cluster; undefined when one has to be asked. */
export function presenceWithin(set: Files, wanted: Wanted): Presence | undefined {
  const known = presenceUndeclared(set, wanted);
  if (known) return known;
  return set.external?.some((entry) => answers(entry, wanted)) ? nothingKnown : undefined;
}

/** The same without what is declared. */
export function presenceUndeclared(set: Files, wanted: Wanted): Presence | undefined {
  if (isKindItself(wanted)) return isDefined(set, wanted) ? nothingKnown : undefined;
  const objects = objectsNamed(set, wanted);
  if (objects.length > 0) return { state: 'found', contents: objects.map(({ value }) => value) };
  return isBuiltIn(wanted) || isMade(set, wanted) ? nothingKnown : undefined;
}

/** Whether the set, or what stands beside it, defines a kind. */
function isDefined({ objects, definitions }: Files, wanted: Wanted): boolean {
  const group = groupOf(wanted.apiVersion);
  const own = objectsOf({ objects }, definition.apiVersion, definition.kind);
  return [...definitions, ...own].some(
    ({ value }) =>
      stringAt(value, 'spec', 'group') === group &&
      stringAt(value, 'spec', 'names', 'kind') === wanted.kind,
  );
}

type Answers = ReadonlyMap<string, Presence>;
const indexed = new WeakMap<readonly LiveAnswer[], Answers>();

function answersOf({ live }: Pick<ManifestSet, 'live'>): Answers | undefined {
  if (live === undefined) return undefined;
  const known = indexed.get(live);
  if (known) return known;
  const answers = new Map(live.map(({ wanted, presence }) => [wantedText(wanted), presence]));
  indexed.set(live, answers);
  return answers;
}
