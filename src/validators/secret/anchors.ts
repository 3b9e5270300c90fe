import { type Automaton, buildAutomaton } from './aho-corasick.ts';
import { assignmentReach } from './assignment.ts';
import { ordinaryReach, type Shape } from './shapes/shape.ts';
import { shapes } from './shapes.ts';

/** A byte string that shapes begin with, and which of them do. */
export interface Anchor {
  readonly text: string;
  /** Shapes tried where it stands, in order of preference, with their places in that order. */
  readonly shapes: readonly { readonly shape: Shape; readonly rank: number }[];
  /** Bytes from its start on that the shapes may need. */
  readonly reach: number;
}

/** The comment by which gitleaks is told that a line holds no secret; searched with the anchors. */
export const allowComment = 'gitleaks:allow';

/** What tells a certificate, which is no secret, and says that a key beside it is in use. */
export const certificateAnchor = 'CERTIFICATE-----';

/** Bytes of a certificate in PEM. */
const certificateReach = 17_500;

function anchorsOf(): readonly Anchor[] {
  const byText = new Map<string, { shape: Shape; rank: number }[]>();
  shapes.forEach((shape, rank) => {
    for (const text of shape.anchors) {
      const sharing = byText.get(text);
      if (sharing) sharing.push({ shape, rank });
      else byText.set(text, [{ shape, rank }]);
    }
  });
  const ofShapes = [...byText].map(([text, sharing]) => ({
    text,
    shapes: sharing,
    reach: Math.max(text.length, ...sharing.map(reachOf)),
  }));
  return [
    ...ofShapes,
    { text: allowComment, shapes: [], reach: allowComment.length },
    { text: certificateAnchor, shapes: [], reach: certificateReach },
  ];
}

const reachOf = ({ shape: { reach, assigned } }: { readonly shape: Shape }): number =>
  reach ?? (assigned ? 64 + assignmentReach : ordinaryReach);

export interface AnchorSearch {
  readonly anchors: readonly Anchor[];
  readonly automaton: Automaton;
  /** Bytes of the longest anchor. */
  readonly longest: number;
}

let search: AnchorSearch | undefined;

/** The automaton over all anchors, built when the first text is searched. */
export function anchorSearch(): AnchorSearch {
  if (search) return search;
  const anchors = anchorsOf();
  const texts = anchors.map(({ text }) => text);
  const longest = Math.max(...texts.map(({ length }) => length));
  search = { anchors, automaton: buildAutomaton(texts), longest };
  return search;
}
