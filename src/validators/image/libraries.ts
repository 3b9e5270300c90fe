import { posix } from 'node:path';
import { environmentOf, type ImageConfig } from './config.ts';
import type { FileNode } from './filesystem.ts';
import type { Image } from './image.ts';
import type { Program } from './program.ts';
import { textAt } from './user.ts';

type Elf = Extract<Program, { format: 'elf' }>;

export interface MissingLibrary {
  readonly library: string;
  /** What needs it. */
  readonly by: FileNode;
}

export interface LibrarySearch {
  readonly missing: readonly MissingLibrary[];
  /** What the loader would map, in the order in which it does. */
  readonly found: readonly FileNode[];
  /** Files whose needs could not be read, and why. */
  readonly unread: readonly { readonly file: FileNode; readonly why: string }[];
}

/** Libraries of one program, those of them that are not there, and folders of one search path; real ones are far below. */
const maxLibraries = 2048;
const maxMissing = 100;
const maxFolders = 64;

/** An object that is loaded, with those that led to it. */
interface Loaded {
  readonly file: FileNode;
  readonly program: Elf;
  /** What `$ORIGIN` stands for: of the program its real folder, of a library the one it was found in. */
  readonly origin: string;
  readonly above: readonly Loaded[];
}

/**
 * Looks for the shared libraries of a program as its loader does, and for those that they need
 * (ld.so(8); for musl https://wiki.musl-libc.org/functional-differences-from-glibc.html). What a program
 * opens by itself later (dlopen(3)) cannot be seen.
 */
export function searchLibraries(
  image: Image,
  config: ImageConfig,
  file: FileNode,
  program: Elf,
): LibrarySearch {
  const { loader } = program;
  const missing: MissingLibrary[] = [];
  const found: FileNode[] = [];
  const unread: { file: FileNode; why: string }[] = [];
  if (loader === undefined) return { missing, found, unread };
  const places = placesOf(image, config, program, loader);
  if (!places) {
    unread.push({ file, why: `how the loader ${loader} looks for libraries is not known` });
    return { missing, found, unread };
  }
  // The loader is there already, and is what some libraries need.
  const loaded = new Set([posix.basename(loader)]);
  const origin = `/${posix.dirname(file.path)}`;
  const queue: Loaded[] = [{ file, program, origin, above: [] }];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { libraries } = next.program;
    if (libraries === undefined) continue;
    if (libraries === 'unread') {
      unread.push({
        file: next.file,
        why: 'its dynamic section lies where one pass cannot keep it',
      });
      continue;
    }
    for (const name of libraries.needed) {
      if (loaded.has(name) || places.isBuiltIn(name) || missing.length >= maxMissing) continue;
      loaded.add(name);
      const library = places.find(name, next);
      if (!library) {
        missing.push({ library: name, by: next.file });
        continue;
      }
      found.push(library.file);
      const own = library.program.libraries;
      if (own && own !== 'unread' && own.soname !== '') loaded.add(own.soname);
      if (found.length < maxLibraries) queue.push({ ...library, above: [...next.above, next] });
    }
  }
  return { missing, found, unread };
}

interface Places {
  isBuiltIn(name: string): boolean;
  find(name: string, by: Loaded): Omit<Loaded, 'above'> | undefined;
}

function placesOf(
  image: Image,
  config: ImageConfig,
  program: Elf,
  loader: string,
): Places | undefined {
  const name = posix.basename(loader);
  const isMusl = name.startsWith('ld-musl-');
  if (!isMusl && !/^ld(?:64)?(?:-linux[\w-]*)?\.so\.\d+$/.test(name)) return undefined;
  const workingDir = config.workingDir;
  const fromEnvironment = split(environmentOf(config).get('LD_LIBRARY_PATH') ?? '');
  const last = isMusl ? muslFolders(image, name) : glibcFolders(image, program, loader);

  const elfAt = (path: string) => {
    const file = image.filesystem.lookup(path);
    const own = file?.entry.program;
    // The loader passes over libraries for another processor.
    return file && own?.format === 'elf' && own.architecture === program.architecture
      ? { file, program: own, origin: posix.dirname(path) }
      : undefined;
  };
  const foldersFor = (by: Loaded): string[] => {
    const chain = [by, ...by.above.toReversed()];
    const runpath = expanded(by, 'runpath');
    const inherited = chain.flatMap((one) => expanded(one, 'rpath'));
    // musl makes no difference between the two, and inherits both.
    if (isMusl) {
      const all = chain.flatMap((one) => [...expanded(one, 'rpath'), ...expanded(one, 'runpath')]);
      return [...fromEnvironment, ...all, ...last];
    }
    const first = runpath.length > 0 ? [] : inherited;
    return [...first, ...fromEnvironment, ...runpath, ...last];
  };
  return {
    isBuiltIn: (library) => isMusl && muslBuiltIn.test(library),
    find(library, by) {
      if (library.includes('/')) return elfAt(posix.resolve('/', workingDir, library));
      for (const folder of foldersFor(by)) {
        const candidate = elfAt(posix.resolve('/', workingDir, folder, library));
        if (candidate) return candidate;
      }
      return undefined;
    },
  };
}

/** Names that musl's loader answers itself, whatever their version. */
const muslBuiltIn = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./;

function muslFolders(image: Image, loader: string): string[] {
  const architecture = /^ld-musl-(.+)\.so\.\d+$/.exec(loader)?.[1] ?? '';
  const own = textAt(image, `etc/ld-musl-${architecture}.path`);
  const folders = own.split(/[\n:]/).filter((folder) => folder !== '');
  return folders.length > 0 ? folders : ['/lib', '/usr/local/lib', '/usr/lib'];
}

/** Debian's names of the platforms, which its loader has built in as folders. */
const triplets: Readonly<Record<string, readonly string[]>> = {
  amd64: ['x86_64-linux-gnu'],
  arm64: ['aarch64-linux-gnu'],
  arm: ['arm-linux-gnueabihf', 'arm-linux-gnueabi'],
  '386': ['i386-linux-gnu'],
  riscv64: ['riscv64-linux-gnu'],
  ppc64le: ['powerpc64le-linux-gnu'],
  s390x: ['s390x-linux-gnu'],
  loong64: ['loongarch64-linux-gnu'],
};

/**
 * The loader reads a cache that ldconfig(8) made of ld.so.conf and of its own folders, so ld.so.conf counts only
 * where there is one.
 */
function glibcFolders(image: Image, { architecture }: Elf, loader: string): string[] {
  const cached = image.filesystem.lookup('etc/ld.so.cache') !== undefined;
  const own = ['/lib', '/usr/lib'];
  const real = image.filesystem.lookup(loader)?.path;
  return [
    ...(cached ? configured(image, 'etc/ld.so.conf', 0) : []),
    ...own.flatMap((folder) => (triplets[architecture] ?? []).map((name) => `${folder}/${name}`)),
    ...own.flatMap((folder) => [`${folder}64`, folder]),
    // A glibc of its own looks beside its loader.
    ...(real === undefined ? [] : [`/${posix.dirname(real)}`]),
  ];
}

const maxIncludes = 4;

function configured(image: Image, path: string, depth: number): string[] {
  return textAt(image, path)
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .flatMap((line) => {
      const pattern = /^include\s+(.+)$/.exec(line)?.[1];
      if (pattern === undefined) return line.startsWith('/') ? [line] : [];
      if (depth >= maxIncludes) return [];
      const full = posix.resolve('/etc', pattern).slice(1);
      return included(image, full).flatMap((file) => configured(image, file, depth + 1));
    });
}

/** Texts that fit a pattern; only those of /etc/ld.so.conf.d are kept. */
function included({ layers }: Image, pattern: string): string[] {
  const paths = layers.flatMap(({ texts, entries }) =>
    [...texts.keys()].map((index) => entries[index]?.path ?? ''),
  );
  return [...new Set(paths)].filter((path) => posix.matchesGlob(path, pattern)).sort();
}

function split(folders: string): string[] {
  // An empty name is the working directory.
  const names = folders === '' ? [] : folders.split(/[:;]/, maxFolders);
  return names.map((folder) => folder || '.');
}

/** The folders of a search path, with the words that the loader replaces. */
function expanded({ program, origin }: Loaded, key: 'rpath' | 'runpath'): string[] {
  const { libraries } = program;
  if (!libraries || libraries === 'unread') return [];
  const [triplet] = triplets[program.architecture] ?? [];
  return split(libraries[key]).flatMap((folder) => {
    const placed = folder.replace(/\$(?:ORIGIN|\{ORIGIN\})/g, () => origin);
    if (!/\$(?:LIB|\{LIB\})/.test(placed)) return [placed];
    return ['lib64', 'lib', ...(triplet ? [`lib/${triplet}`] : [])].map((name) =>
      placed.replace(/\$(?:LIB|\{LIB\})/g, name),
    );
  });
}
