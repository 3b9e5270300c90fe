import { assignmentReach } from './assignment.ts';
import { type EncodedForm, encodedForm, encodedReach, shifts } from './encoded.ts';
import { buildKeywordTable, type KeywordTable } from './keyword-table.ts';
import { ordinaryReach, type Shape } from './shapes/shape.ts';
import { vendorShapes } from './shapes/vendors.ts';
import { shapes } from './shapes.ts';

interface RankedShape {
  readonly shape: Shape;
  /** Its place in the order of preference. */
  readonly rank: number;
}

/** A byte string that shapes begin with, and which of them do. */
export interface Anchor {
  readonly text: string;
  /** Shapes tried where it stands, in order of preference. */
  readonly shapes: readonly RankedShape[];
  /** Bytes from its start on that the shapes may need. */
  readonly reach: number;
  /** Says something else than that a shape begins: the line allows what it holds, or a certificate begins. */
  readonly role?: 'allow' | 'certificate';
  /** When it is an anchor written in base64. */
  readonly encoded?: Omit<EncodedForm, 'text'> & {
    /** Bytes from where it begins to where the shapes do. */
    readonly ahead: number;
    /** Bytes, once decoded, that the shapes may need. */
    readonly reach: number;
  };
}

/** The comment by which gitleaks is told that a line holds no secret; searched with the anchors. */
const allowComment = 'gitleaks:allow';

/** What tells a certificate, which is no secret, and says that a key beside it is in use. */
const certificateText = 'CERTIFICATE-----';

/** Bytes of a certificate in PEM. */
const certificateReach = 17_500;

/** Characters of an anchor; shorter ones stand in any longer base64 by chance. */
export const shortestEncoded = 4;

/** What is found in base64 says less than what is found as it is, and more than what its name alone tells. */
const firstByName = shapes.findIndex(({ id }) => id === vendorShapes[0]?.id);

function anchorsOf(): readonly Anchor[] {
  const plain = plainAnchors();
  const allow = { text: allowComment, shapes: [], reach: allowComment.length } as const;
  const certificate = { text: certificateText, shapes: [], reach: certificateReach } as const;
  return [
    ...plain,
    ...plain.flatMap(encodedAnchors),
    { ...allow, role: 'allow' },
    { ...certificate, role: 'certificate' },
    // That which begins a text: what else has certificates in base64 names them so.
    {
      ...encodedAnchor(certificate, '-----BEGIN '.length % 3, certificateText),
      role: 'certificate',
    },
  ];
}

function plainAnchors(): readonly Anchor[] {
  const byText = new Map<string, RankedShape[]>();
  shapes.forEach((shape, rank) => {
    for (const text of shape.anchors) {
      const sharing = byText.get(text);
      if (sharing) sharing.push({ shape, rank });
      else byText.set(text, [{ shape, rank }]);
    }
  });
  return [...byText].map(([text, sharing]) => ({
    text,
    shapes: sharing,
    reach: Math.max(text.length, ...sharing.map(reachOf)),
  }));
}

/** A value that is told by its name, or that a person chose, is not looked for in base64, unless its shape says how. */
function encodedAnchors(anchor: Anchor): readonly Anchor[] {
  const told = anchor.shapes.filter(({ shape }) => !shape.assigned && !shape.chosen);
  const alone = anchor.text.length < shortestEncoded ? [] : [{ heads: [''], shapes: told }];
  const headed = anchor.shapes.map((one) => ({
    heads: one.shape.encodedHeads ?? [],
    shapes: [one],
  }));
  return [...alone, ...headed].flatMap(({ heads, shapes }) =>
    shapes.length === 0
      ? []
      : heads.flatMap((head) =>
          shifts.map((shift) =>
            encodedAnchor(
              { ...anchor, shapes: shapes.map(behind) },
              shift,
              `${head}${anchor.text}`,
            ),
          ),
        ),
  );
}

function encodedAnchor({ text, shapes, reach }: Anchor, shift: number, whole: string): Anchor {
  const { text: form, ...place } = encodedForm(whole, shifts[shift] ?? 0);
  return {
    text: form,
    shapes,
    reach: encodedReach(reach),
    encoded: { ...place, ahead: whole.length - text.length, reach },
  };
}

const behind = ({ shape, rank }: RankedShape): RankedShape => ({
  shape,
  rank: firstByName - 1 + rank / shapes.length,
});

const reachOf = ({ shape: { reach, assigned } }: RankedShape): number =>
  reach ?? (assigned ? 64 + assignmentReach : ordinaryReach);

export interface AnchorSearch {
  readonly anchors: readonly Anchor[];
  /** By the places of the anchors. */
  readonly table: KeywordTable;
}

let built: AnchorSearch | undefined;

/** The search for all anchors, built when the first text is searched. */
export function anchorSearch(): AnchorSearch {
  if (built) return built;
  const anchors = anchorsOf();
  built = { anchors, table: buildKeywordTable(anchors.map(({ text }) => text)) };
  return built;
}
