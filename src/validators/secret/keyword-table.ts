/**
 * What a search for many byte strings asks of each place of a text. Of each keyword two neighbouring windows of three bytes
 * are entered, so that one of them begins at an even offset wherever the keyword stands.
 */
export interface KeywordTable {
  /** By the first two bytes of a window, and as bits by the lower half of the third: whether a keyword has it. */
  readonly filter: Int32Array;
  /** Bits by the hash of four bytes: whether they are a window of a keyword with the byte behind it, or before it. */
  readonly quads: Int32Array;
  /** The windows of all keywords, each at the place of its hash or the next free one behind; -1 where none is. */
  readonly windows: Int32Array;
  /** By the place of a window: the keywords that have it. */
  readonly entries: readonly (readonly Entry[])[];
  /** Bytes of the longest keyword. */
  readonly longest: number;
}

/** A keyword that may stand where a window does. */
export interface Entry {
  readonly keyword: number;
  readonly bytes: Uint8Array;
  /** Bytes from where the keyword begins to where the window does; -1 when the window has the byte before it. */
  readonly offset: number;
}

const windowSize = 3;

/** 2^32 divided by the golden ratio (Knuth, volume 3, 6.4). */
const golden = 0x9e3779b1;

/** Of bytes in a row, little-endian, the first two. */
export const pairOf = (word: number): number => word & 0xffff;

/** So many bits are 32 KiB, what the nearest cache of a processor holds. */
const quadBits = 18;

/** Of four bytes, little-endian, the bit that stands for them. */
export const quadHash = (word: number): number => Math.imul(word, golden) >>> (32 - quadBits);

/** Places for windows; a power of two, larger than they are many, so that most stand where they are looked for. */
const placeBits = 13;

export const placeOf = (window: number): number => Math.imul(window, golden) >>> (32 - placeBits);

/** In the filter: a pair that is a window with any byte behind it. */
export const everyByte = -1;

/** Such a window among the others. */
export const pairWindow = (word: number): number => pairOf(word) | 0x1000000;

/** Stands where no window does. */
export const noWindow = -1;

export const nextPlace = (place: number): number => (place + 1) & ((1 << placeBits) - 1);

/** @param keywords Latin-1 text of three characters or more, matched byte for byte; case counts. */
export function buildKeywordTable(keywords: readonly string[]): KeywordTable {
  const filter = new Int32Array(1 << 16);
  const quads = new Int32Array((1 << quadBits) / 32);
  const windows = new Int32Array(1 << placeBits).fill(noWindow);
  const entries = Array.from({ length: 1 << placeBits }, (): Entry[] => []);
  let taken = 0;
  const enter = (window: number, entry: Entry): void => {
    let place = placeOf(window);
    while (windows[place] !== window && windows[place] !== noWindow) place = nextPlace(place);
    if (windows[place] === noWindow) {
      if (++taken > windows.length / 2) throw new Error(`too many windows: ${taken}`);
      windows[place] = window;
    }
    entries[place]?.push(entry);
  };
  /** Of a window with any byte behind it. */
  const setQuads = (window: number): void => {
    for (let any = 0; any < 256; any++) setBit(quads, quadHash(window | (any << 24)));
  };
  const enterWindow = (window: number, entry: Entry): void => {
    const pair = pairOf(window);
    filter[pair] = (filter[pair] ?? 0) | (1 << (window >>> 16));
    const next = entry.bytes[entry.offset + windowSize];
    const before = entry.bytes[entry.offset - 1];
    if (next !== undefined) setBit(quads, quadHash(window | (next << 24)));
    else if (before !== undefined) setBit(quads, quadHash((window << 8) | before));
    else setQuads(window);
    enter(window, entry);
  };
  const texts = keywords.map((text) => Buffer.from(text, 'latin1'));
  texts.forEach((bytes, keyword) => {
    if (bytes.length < windowSize) throw new Error('a keyword of fewer than three bytes');
    const offset = rarestPlace(bytes);
    enterWindow(windowAt(bytes, offset), { keyword, bytes, offset });
    if (bytes.length > windowSize) {
      enterWindow(windowAt(bytes, offset + 1), { keyword, bytes, offset: offset + 1 });
      return;
    }
    // The only window of so short a keyword; its neighbour has a byte that may be any.
    const window = windowAt(bytes, 0);
    if (isFirstPairBetter(bytes)) {
      for (let any = 0; any < 256; any++) {
        enterWindow(((window << 8) & windowMask) | any, { keyword, bytes, offset: -1 });
      }
    } else {
      filter[pairOf(window >>> 8)] = everyByte;
      setQuads(window);
      enter(pairWindow(window >>> 8), { keyword, bytes, offset: 1 });
    }
  });
  const longest = Math.max(0, ...texts.map(({ length }) => length));
  return { filter, quads, windows, entries, longest };
}

function setBit(bits: Int32Array, at: number): void {
  bits[at >>> 5] = (bits[at >>> 5] ?? 0) | (1 << at);
}

/** Whether other text has the first two bytes less than the last two. Where it has both as seldom, the last are less work. */
function isFirstPairBetter(bytes: Uint8Array): boolean {
  return commonness(bytes, 0, 2) < commonness(bytes, 1, 3);
}

export const windowMask = 0xffffff;

const windowAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);

/** Where in a keyword two neighbouring windows begin that other text has least often. */
function rarestPlace(bytes: Uint8Array): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at + windowSize < bytes.length; at++) {
    const common =
      commonness(bytes, at, at + windowSize) + commonness(bytes, at + 1, at + 1 + windowSize);
    if (common < least) [best, least] = [at, common];
  }
  return best;
}

/** Small letters and the space by how often English and program text has them, the most common first. */
const commonBytes = ' etaoinsrhldcumfpgwybvkxjqz';

const shareOfByte = Float64Array.from({ length: 256 }, (_, byte) => {
  const rank = commonBytes.indexOf(String.fromCharCode(byte));
  return rank === -1 ? 0.05 : 0.9 ** rank;
});

/** Pairs of small letters in the same order. */
const commonPairs =
  'in er en re on te de an or th le st es ti at nt he co ar me se al it ng is to io et ta ri nd ed ra no il ro om li ne ma ch na el si tr ic ec od pa ve ca ge di pe fi am ll ns ac ou lo pr ss ha us fo ad ni ce ot em ea be ol ur ex ul nc hi rt ab rs op do id'.split(
    ' ',
  );
const shareOfPair = new Map(
  commonPairs.map((pair, rank) => [Buffer.from(pair).readUInt16LE(), 8 * 0.98 ** rank]),
);

/** How often bytes come in a row if each came by itself, and doubled ones more, as in base64; only good for comparing. */
function commonness(bytes: Uint8Array, from: number, to: number): number {
  let product = 1;
  for (let at = from; at < to; at++) {
    product *= shareOfByte[bytes[at] ?? 0] ?? 0;
    if (at === from) continue;
    if (bytes[at] === bytes[at - 1]) product *= 8;
    product *= shareOfPair.get((bytes[at - 1] ?? 0) | ((bytes[at] ?? 0) << 8)) ?? 1;
  }
  return product;
}
