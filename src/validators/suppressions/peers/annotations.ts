import type { Peer } from '../../../config/defaults.ts';
import type { Location, ObjectRef } from '../../../core/finding.ts';
import type { Suppression } from '../../../core/suppress.ts';
import type { ManifestObject, ManifestSet } from '../../manifest/load.ts';
import { type AnnotatedPart, annotatedParts, placeOf } from '../written.ts';
import { allCounterparts, counterpartsOf, type ManifestPeer } from './checks.ts';
import { type Counterpart, fitsCounterpart } from './counterparts.ts';

/** Something that was written for another tool and has no effect here. */
export interface PeerNote {
  readonly peer: Peer;
  readonly id: 'no-counterpart' | 'unknown-check' | 'not-exempt';
  /** Name of a check, or the key of an annotation. */
  readonly about: string;
  where(): Location;
  readonly object?: ObjectRef;
}

export interface PeerWords {
  readonly suppressions: readonly Suppression[];
  readonly notes: readonly PeerNote[];
}

/** What annotations of other tools suppress; read once for each set. */
export function peerAnnotationsIn(set: ManifestSet): PeerWords {
  const known = read.get(set);
  if (known) return known;
  const words = joinWords(
    set.objects.flatMap((object) => [ofKubeLinter(object), ofKubeScore(object), ofPolaris(object)]),
  );
  read.set(set, words);
  return words;
}

const read = new WeakMap<ManifestSet, PeerWords>();

export function joinWords(parts: readonly PeerWords[]): PeerWords {
  return {
    suppressions: parts.flatMap(({ suppressions }) => suppressions),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

/** An annotation that was found, as the checks in it are read. */
interface Said {
  readonly peer: ManifestPeer;
  readonly part: AnnotatedPart;
  readonly key: string;
  readonly reason: string;
  /** What findings have to be besides. */
  readonly covers?: Suppression['covers'];
}

function ofCheck(said: Said, check: string): PeerWords {
  const counterparts = counterpartsOf(said.peer, check);
  if (counterparts === undefined) return note(said, 'unknown-check', check);
  if (counterparts.length === 0) return note(said, 'no-counterpart', check);
  return ofCounterparts(said, counterparts);
}

function note({ peer, part, key }: Said, id: PeerNote['id'], about: string): PeerWords {
  const { where } = placeOf(part, key);
  return { suppressions: [], notes: [{ peer, id, about, where, object: part.object.ref }] };
}

function ofCounterparts(said: Said, counterparts: readonly Counterpart[]): PeerWords {
  const { peer, part, key, reason } = said;
  const place = placeOf(part, key);
  return {
    notes: [],
    suppressions: counterparts.map((counterpart) => ({
      ...place,
      by: peer,
      rule: counterpart.rule,
      reason: reason === '' ? `${key}, no reason given` : reason,
      reasonless: reason === '',
      until: null,
      covers: (finding) =>
        (place.covers?.(finding) ?? true) &&
        (said.covers?.(finding) ?? true) &&
        fitsCounterpart(counterpart, finding),
      name: `the annotation ${key}`,
    })),
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * `ignore-check.kube-linter.io/CHECK: REASON` and `kube-linter.io/ignore-all: REASON`, on the object alone
 * (https://github.com/stackrox/kube-linter/blob/main/docs/configuring-kubelinter.md).
 */
function ofKubeLinter(object: ManifestObject): PeerWords {
  const prefix = 'ignore-check.kube-linter.io/';
  const [part] = annotatedParts(object);
  if (!part) return nothing;
  return joinWords(
    Object.entries(part.annotations).map(([key, value]) => {
      const said: Said = { peer: 'kube-linter', part, key, reason: textOf(value).trim() };
      if (key === 'kube-linter.io/ignore-all') {
        return ofCounterparts(said, allCounterparts('kube-linter'));
      }
      return key.startsWith(prefix) ? ofCheck(said, key.slice(prefix.length)) : nothing;
    }),
  );
}

const nothing: PeerWords = { suppressions: [], notes: [] };

/** What one check of kube-score stands for beside itself. */
const implied: Readonly<Record<string, readonly string[]>> = {
  'container-resources': ['container-ephemeral-storage-request-and-limit'],
};

/**
 * `kube-score/ignore: CHECK,CHECK` with `*` for all, and `kube-score/skip: "true"`, on the object or on its
 * pod template. What a template enables stays enabled in it although the object ignores it
 * (https://github.com/zegl/kube-score#ignoring-a-test).
 */
function ofKubeScore(object: ManifestObject): PeerWords {
  const [whole, template] = annotatedParts(object);
  const ignoredInside = template ? listIn(template, 'kube-score/ignore') : [];
  const enabledInside = template ? listIn(template, 'kube-score/enable') : [];
  const names = (list: readonly string[], check: string) =>
    list.includes('*') || list.includes(check);
  return joinWords(
    [whole, template].flatMap((part) => {
      if (!part) return [];
      const skipped = textOf(part.annotations['kube-score/skip']).trim().toLowerCase() === 'true';
      return [
        ...(skipped ? [ofAll(part, 'kube-score/skip')] : []),
        ...listIn(part, 'kube-score/ignore').flatMap((check) => {
          const key = 'kube-score/ignore';
          if (check === '*') return [ofAll(part, key)];
          const overruled =
            part === whole && names(enabledInside, check) && !names(ignoredInside, check);
          const covers = overruled ? isOutside(template) : undefined;
          const said: Said = {
            peer: 'kube-score',
            part,
            key,
            reason: '',
            ...(covers && { covers }),
          };
          return [check, ...(implied[check] ?? [])].map((one, index) =>
            // What is implied was not written, so nothing is said of it.
            index === 0 ? ofCheck(said, one) : { ...ofCheck(said, one), notes: [] },
          );
        }),
      ];
    }),
  );
}

function ofAll(part: AnnotatedPart, key: string): PeerWords {
  return ofCounterparts(
    { peer: 'kube-score', part, key, reason: '' },
    allCounterparts('kube-score'),
  );
}

function listIn({ annotations }: AnnotatedPart, key: string): readonly string[] {
  const words = textOf(annotations[key]).split(',');
  return words.map((word) => word.trim()).filter((word) => word !== '');
}

function isOutside(template: AnnotatedPart | undefined): Suppression['covers'] {
  const within = template?.within;
  return ({ location: { path = '' } }) => within === undefined || !path.startsWith(`${within}.`);
}

/**
 * `polaris.fairwinds.com/exempt: "true"` and `polaris.fairwinds.com/CHECK-exempt: "true"`, on the object alone
 * (https://polaris.docs.fairwinds.com/customization/exemptions/).
 */
function ofPolaris(object: ManifestObject): PeerWords {
  const prefix = 'polaris.fairwinds.com/';
  const [part] = annotatedParts(object);
  if (!part) return nothing;
  return joinWords(
    Object.entries(part.annotations).map(([key, value]) => {
      if (!key.startsWith(prefix)) return nothing;
      const name = key.slice(prefix.length);
      const check = /^(.+)-exempt$/.exec(name)?.[1];
      if (name !== 'exempt' && check === undefined) return nothing;
      const said: Said = { peer: 'polaris', part, key, reason: '' };
      if (textOf(value).toLowerCase() !== 'true') return note(said, 'not-exempt', key);
      return check === undefined
        ? ofCounterparts(said, allCounterparts('polaris'))
        : ofCheck(said, check);
    }),
  );
}
