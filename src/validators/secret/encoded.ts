/** At which place of a group of three bytes a text begins that is written in base64. */
export type Shift = 0 | 1 | 2;

export const shifts: readonly Shift[] = [0, 1, 2];

/** Characters of a group of four before the first that the text alone decides, by shift. */
const undecided = [0, 2, 3] as const;

/** Six characters come together by chance once in 69 thousand million; more only make the search larger. */
const longestForm = 6;
const shortestForm = 4;

/** What tells that a text stands in base64. */
export interface EncodedForm {
  /** Characters that the text alone decides, or some of them. */
  readonly text: string;
  readonly shift: Shift;
  /** Characters before them since the group of four began. */
  readonly behind: number;
}

/**
 * The base64 (RFC 4648 section 4) of a text wherever it stands at that place of a group. The search is quick where the
 * second and third character of what it looks for are rare, so two small letters are passed over, which words have.
 */
export function encodedForm(text: string, shift: Shift): EncodedForm {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text, 'latin1')]);
  const decided = bytes.toString('base64').slice(0, Math.floor((bytes.length * 8) / 6));
  const first = undecided[shift];
  const last = Math.max(first, decided.length - shortestForm);
  let behind = first;
  while (behind < last && /^.[a-z]{2}/.test(decided.slice(behind))) behind++;
  if (/^.[a-z]{2}/.test(decided.slice(behind))) behind = first;
  return { text: decided.slice(behind, behind + longestForm), shift, behind };
}

/**
 * Characters of base64 before an anchor that are decoded, whole groups, for patterns that look back. With those between the
 * beginning of a group and an anchor in it, no more than `lookBehind` of match.ts.
 */
const groupsBefore = 120;

/** Characters that lines of base64 may be divided and indented by, for each byte that is wanted. */
const roomForLines = 1.1;

/** Characters from an encoded anchor on that are needed for so many bytes behind it. */
export const encodedReach = (bytes: number): number =>
  Math.ceil(((bytes + groupsBefore) * 4 * roomForLines) / 3);

/** Characters of one file that are decoded in vain; of files that nobody made for it, a few thousand are. */
export const maxInVain = 16 * 1024 * 1024;

/** What stands in base64 around a place. */
export interface Decoded {
  readonly text: string;
  /** Where in it the anchor begins. */
  readonly at: number;
  /** Where in the encoded text the group of four stands that a byte of it is in. */
  readonly placeOf: (byte: number) => number;
}

const line = /[A-Za-z0-9+/]{1,30000}/y;
const lineBreak = /(?:\r?\n|\\n)[ \t]{0,60}/y;
/** A further line holds nothing else, or it is the next entry. */
const furtherLine = /[A-Za-z0-9+/]{1,30000}={0,2}(?=[\s"'\\]|$)/y;

/** Lines of MIME have 76 characters, those of PEM 64; a shorter one is the last. */
const shortestLine = 60;

/**
 * The bytes of the base64 that an encoded anchor stands in; undefined when it cannot stand there.
 * @param at where the anchor begins in `source`
 * @param bytes how many are wanted from the anchor on
 */
export function decodedAt(
  source: string,
  at: number,
  { shift, behind }: Omit<EncodedForm, 'text'>,
  bytes: number,
): Decoded | undefined {
  const group = at - behind;
  const start = startOfRun(source, at, group);
  if (start === undefined) return undefined;
  const text = source.slice(start, at + encodedReach(bytes));
  const { characters, lines } = joinedLines(text);
  const decoded = Buffer.from(characters, 'base64').toString('latin1');
  return {
    text: decoded,
    at: ((group - start) / 4) * 3 + shift,
    placeOf(byte) {
      const place = Math.floor(byte / 3) * 4;
      const inLine = lines.findLast(({ first }) => first <= place) ?? { first: 0, from: 0 };
      return start + inLine.from + place - inLine.first;
    },
  };
}

/** Where the groups of four begin that are decoded; a run that begins elsewhere is no base64 of the anchor. */
function startOfRun(source: string, at: number, group: number): number | undefined {
  const limit = Math.max(0, group - groupsBefore);
  let start = at;
  while (start > limit && isDigit(source.charCodeAt(start - 1))) start--;
  // A line break that is escaped ends in a letter.
  if (source[start - 1] === '\\' && /[nrt]/.test(source[start] ?? '')) start++;
  return start <= group && (group - start) % 4 === 0 ? start : undefined;
}

function isDigit(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2b ||
    code === 0x2f
  );
}

interface Line {
  /** Which of all characters its first one is. */
  readonly first: number;
  /** Where in the text it begins. */
  readonly from: number;
}

function joinedLines(text: string): { characters: string; lines: readonly Line[] } {
  let characters = '';
  const lines: Line[] = [];
  for (let from = 0; from < text.length; ) {
    line.lastIndex = from;
    const found = line.exec(text)?.[0] ?? '';
    lines.push({ first: characters.length, from });
    characters += found;
    if (found.length < shortestLine || found.length % 4 !== 0) break;
    lineBreak.lastIndex = from + found.length;
    if (!lineBreak.test(text)) break;
    from = lineBreak.lastIndex;
    furtherLine.lastIndex = from;
    if (!furtherLine.test(text)) break;
  }
  return { characters, lines };
}
