import type { Changes, Tree } from './tree.ts';

/** What is spoilt: the files of a repository, and the names of two of its sets. */
export interface Spoilt {
  readonly tree: Tree;
  /** The set that is asked for, and one made before it. */
  readonly set: string;
  readonly older: string;
  readonly random: () => number;
}

export interface Spoiling {
  readonly name: string;
  /** @returns undefined where there is nothing to change so */
  readonly spoil: (spoilt: Spoilt, path: string) => Changes | undefined;
}

const below = (random: () => number, end: number): number => Math.floor(random() * end);

export const pick = <T>(random: () => number, all: readonly T[]): T => {
  const one = all[below(random, all.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
};

/** Bytes of a chunk of age, and what its tag adds (C2SP age.md). */
const ageChunk = 64 * 1024 + 16;
const pageBytes = 4096;

const one = (path: string, content: Buffer | null | 'folder' | 'link'): Changes =>
  new Map([[path, content]]);

/** Changes of the bytes of one file. */
const rewriting = (
  name: string,
  change: (bytes: Buffer, spoilt: Spoilt) => Buffer | undefined,
): Spoiling => ({
  name,
  spoil(spoilt, path) {
    const content = change(Buffer.from(spoilt.tree.get(path) ?? ''), spoilt);
    return content && one(path, content);
  },
});

/** Where age's chunks end, after a header that ends with the line of its MAC. */
function borders(bytes: Buffer): readonly number[] {
  const mac = bytes.indexOf('\n--- ');
  const isAge = bytes.subarray(0, 4).toString() === 'age-' && mac >= 0;
  const first = isAge ? bytes.indexOf('\n', mac + 1) + 1 + 16 : 0;
  const step = isAge ? ageChunk : 64 * 1024;
  const ends: number[] = [];
  for (let at = first; at < bytes.length; at += step) ends.push(at);
  return ends;
}

function flip(bytes: Buffer, random: () => number): Buffer {
  const at = below(random, bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
  return bytes;
}

const ofSet = ({ tree }: Spoilt, set: string): string[] =>
  [...tree.keys()].filter((path) => path.startsWith(`sets/${set}/`));

const twin = (path: string, from: string, to: string) =>
  path.replace(`sets/${from}/`, `sets/${to}/`);

const swapped = ({ tree }: Spoilt, a: string, b: string): Changes | undefined => {
  const [first, second] = [tree.get(a), tree.get(b)];
  if (!first || !second) return undefined;
  return new Map([
    [a, second],
    [b, first],
  ]);
};

/** Ways to spoil one file of a set, or an object that it counts on. */
export const spoilings: readonly Spoiling[] = [
  rewriting('a bit flipped', (bytes, { random }) =>
    bytes.length > 0 ? flip(bytes, random) : undefined,
  ),
  rewriting('many bits flipped', (bytes, { random }) => {
    if (bytes.length === 0) return undefined;
    for (let left = 2 + below(random, 60); left > 0; left -= 1) flip(bytes, random);
    return bytes;
  }),
  rewriting('a byte cut off', (bytes) => bytes.subarray(0, -1)),
  rewriting('cut to 60 %', (bytes) => bytes.subarray(0, bytes.length * 0.6)),
  rewriting('cut where a chunk ends', (bytes, { random }) => {
    const ends = borders(bytes);
    return ends.length > 0 ? bytes.subarray(0, pick(random, ends)) : undefined;
  }),
  rewriting('emptied', () => Buffer.alloc(0)),
  rewriting('bytes added', (bytes, { random }) =>
    Buffer.concat([bytes, Buffer.alloc(1 + below(random, 100), below(random, 256))]),
  ),
  rewriting('doubled', (bytes) => Buffer.concat([bytes, bytes])),
  rewriting('a page of zeros', (bytes, { random }) => {
    const page = below(random, Math.ceil(bytes.length / pageBytes)) * pageBytes;
    return bytes.fill(0, page, Math.min(page + pageBytes, bytes.length));
  }),
  rewriting('two pages swapped', (bytes, { random }) => {
    const pages = Math.floor(bytes.length / pageBytes);
    if (pages < 2) return undefined;
    const [a, b] = [below(random, pages) * pageBytes, below(random, pages) * pageBytes];
    const first = Buffer.from(bytes.subarray(a, a + pageBytes));
    bytes.copyWithin(a, b, b + pageBytes);
    first.copy(bytes, b);
    return bytes;
  }),
  { name: 'removed', spoil: (_, path) => one(path, null) },
  { name: 'a folder in its place', spoil: (_, path) => one(path, 'folder') },
  { name: 'a link in its place', spoil: (_, path) => one(path, 'link') },
  {
    name: 'under another name',
    spoil: ({ tree }, path) =>
      new Map([
        [path, null],
        [`${path}.old`, tree.get(path) ?? null],
      ]),
  },
  {
    name: 'swapped with another file',
    spoil: (spoilt, path) => {
      const others = path.startsWith('objects/')
        ? [...spoilt.tree.keys()].filter((entry) => entry.startsWith('objects/'))
        : ofSet(spoilt, spoilt.set);
      return swapped(spoilt, path, pick(spoilt.random, others));
    },
  },
  {
    name: 'swapped with that of the older set',
    spoil: (spoilt, path) => swapped(spoilt, path, twin(path, spoilt.set, spoilt.older)),
  },
  {
    name: 'replaced by that of the older set',
    spoil: (spoilt, path) => {
      const older = spoilt.tree.get(twin(path, spoilt.set, spoilt.older));
      return older && one(path, older);
    },
  },
];
