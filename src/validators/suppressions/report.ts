import type { Check } from '../../core/check.ts';
import { distinctFingerprints, findingOf, type Outcome } from '../../core/engine.ts';
import type { Draft, Finding, Severity } from '../../core/finding.ts';
import type { Suppression } from '../../core/suppress.ts';
import type { Target } from '../../core/target.ts';
import type { Applied, SuppressionContext } from './apply.ts';
import { type Configured, fitsObject, fitsPath } from './configured.ts';
import type { PeerNote } from './peers/annotations.ts';
import { isSuppressible, problemsOf, suppressionRule } from './problems.ts';
import { filesOf, manifestSetsIn, peerWordsFor, type Sources, writtenFor } from './sources.ts';

/** What the runs tell of a suppression. */
interface Seen {
  /** Something was found for it. */
  met(suppression: Suppression): boolean;
  refused(suppression: Suppression): 'never' | 'critical' | undefined;
  /** Its rule was run and came to an answer about all that it looked at. */
  judged(suppression: Suppression): boolean;
}

/** What is to be said of suppressions after the rules were run; all that needs no run says the rule itself. */
export function reportOn(
  rule: Check,
  outcomes: readonly Outcome[],
  applied: readonly Applied[],
  context: SuppressionContext,
): readonly Finding[] {
  const { sources, settings } = context;
  const byId = new Map(context.rules.map((one) => [one.id, one]));
  const problems = (one: Suppression) => problemsOf(one, byId, context.now);
  const targets = [...new Set(applied.flatMap((one) => one.targets))];
  const seen = seenIn(outcomes, applied);
  const written = writtenFor(targets).suppressions;
  const peers = peerWordsFor(sources, targets);
  const others = [...peers.suppressions, ...(sources.baseline?.suppressions ?? [])];
  const drafts: Draft[] = [
    ...sources.configured.flatMap((one) => {
      const wrong = problems(one);
      return wrong.length > 0 ? wrong : configuredDrafts(one, seen, targets, byId, context);
    }),
    // What says wrong by itself is told by the rule already.
    ...written.filter((one) => problems(one).length === 0).flatMap((one) => unusedDraft(one, seen)),
    ...others.filter((one) => seen.refused(one) === 'never').map(neverDraft),
    ...waiverDraft([...written, ...sources.configured, ...others], seen),
    ...goneDrafts(sources, seen),
    ...noteDrafts(peers.notes),
    ...reasonlessDrafts(peers.suppressions, seen),
    ...fileDrafts(sources, targets),
  ];
  const severity = settings[suppressionRule]?.severity;
  return distinctFingerprints(drafts.map((draft) => findingOf(rule, draft, severity)));
}

function seenIn(outcomes: readonly Outcome[], applied: readonly Applied[]): Seen {
  const met = new Set(applied.flatMap(({ suppressing }) => [...suppressing.met]));
  const refused = new Map(applied.flatMap(({ suppressing }) => [...suppressing.refused]));
  const ofRule = Map.groupBy(outcomes, ({ check }) => check);
  return {
    met: (suppression) => met.has(suppression),
    refused: (suppression) => refused.get(suppression),
    judged: ({ rule }) =>
      ofRule.get(rule)?.every(({ outcome }) => outcome !== 'inconclusive') ?? false,
  };
}

function draftOf(
  suppression: Suppression,
  messageId: string,
  severity: Severity,
  data: Readonly<Record<string, string | number>> = {},
): Draft {
  const { name, rule, object } = suppression;
  return {
    ...{ messageId, severity, location: suppression.where() },
    data: { what: name, rule, ...data },
    ...(object && { object }),
  };
}

function unusedDraft(suppression: Suppression, seen: Seen): readonly Draft[] {
  const { met, judged } = seen;
  return met(suppression) || !judged(suppression)
    ? []
    : [draftOf(suppression, 'unused', 'warning')];
}

function configuredDrafts(
  one: Configured,
  seen: Seen,
  targets: readonly Target[],
  rules: ReadonlyMap<string, Check>,
  { checklist }: SuppressionContext,
): readonly Draft[] {
  const unused = unusedDraft(one, seen);
  const ofManifests = rules.get(one.rule)?.appliesTo === 'manifestSet';
  if (unused.length === 0 || !ofManifests || somethingFits(one, targets)) return unused;
  // Part of a release may have been named, and the entry be about another.
  return [draftOf(one, 'unmatched', checklist ? 'warning' : 'info')];
}

function somethingFits({ entry }: Configured, targets: readonly Target[]): boolean {
  return manifestSetsIn(targets).some(({ objects }) =>
    objects.some(
      ({ ref, file }) => fitsObject(entry, ref) && fitsPath(entry, { location: { file } }),
    ),
  );
}

const neverDraft = (suppression: Suppression): Draft => draftOf(suppression, 'never', 'warning');

/** One line for all of them. */
function waiverDraft(all: readonly Suppression[], seen: Seen): readonly Draft[] {
  const refused = all.filter((one) => seen.refused(one) === 'critical');
  const [first] = refused;
  if (!first) return [];
  const rules = [...new Set(refused.map(({ rule }) => rule))].sort().join(', ');
  return [
    {
      ...{ messageId: 'needs-waiver', severity: 'info', location: first.where() },
      data: { rules },
    },
  ];
}

function goneDrafts({ baseline }: Sources, seen: Seen): readonly Draft[] {
  return (baseline?.suppressions ?? []).flatMap((one, index) => {
    const entry = baseline?.entries[index];
    if (!entry || seen.met(one) || !seen.judged(one)) return [];
    const { object, message } = entry;
    return [draftOf(one, 'gone', 'info', { object, message })];
  });
}

/** Each check or key once, where it is named first. */
function noteDrafts(notes: readonly PeerNote[]): readonly Draft[] {
  const first = new Map(
    notes.toReversed().map((note) => [`${note.peer} ${note.id} ${note.about}`, note]),
  );
  return [...first.values()].reverse().map(({ peer, id, about, where, object }) => ({
    ...{ messageId: id, severity: 'info', location: where(), data: { peer, about } },
    ...(object && { object }),
  }));
}

/** Once for each tool. */
function reasonlessDrafts(all: readonly Suppression[], seen: Seen): readonly Draft[] {
  const used = all.filter(
    (one) => one.reasonless && seen.met(one) && seen.refused(one) === undefined,
  );
  return [...Map.groupBy(used, ({ by }) => by)].flatMap(([peer, [first]]) =>
    first
      ? [
          {
            ...{ messageId: 'reasonless', severity: 'info', location: first.where() },
            data: { peer },
          },
        ]
      : [],
  );
}

/** Files of other tools, or parts of them, that cannot be understood. */
function fileDrafts(sources: Sources, targets: readonly Target[]): readonly Draft[] {
  return filesOf(sources, targets).flatMap(({ peer, problems }) =>
    problems.map(({ text, location }): Draft => {
      const data = { peer, problem: text };
      return { messageId: 'peer-file', severity: 'warning', location, data };
    }),
  );
}

/** Whether a baseline may take a finding up. */
export function mayBeTakenUp(check: string, rules: readonly Check[]): boolean {
  const rule = rules.find(({ id }) => id === check);
  return rule !== undefined && isSuppressible(rule);
}
