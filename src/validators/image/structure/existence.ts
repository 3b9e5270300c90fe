import { posix } from 'node:path';
import type { Draft } from '../../../core/finding.ts';
import { expandVariables, type ImageConfig } from '../config.ts';
import type { FileNode } from '../filesystem.ts';
import type { Image } from '../image.ts';
import type { LayerEntry } from '../layer.ts';
import type { ExistenceTest, StructureFile } from './format.ts';

export function existenceDrafts(
  image: Image,
  config: ImageConfig,
  { tests, locate }: StructureFile,
): Draft[] {
  const { fileExistenceTests } = tests;
  if (fileExistenceTests.length === 0) return [];
  const nodes = new Map([...image.filesystem.nodes()].map((node) => [node.path, node]));
  return fileExistenceTests.flatMap((test, index) => {
    const node = nodeAt(image, nodes, expandVariables(test.path, config));
    const location = locate(['fileExistenceTests', index]);
    return reasonsOf(test, node).map((reason) => ({
      ...reason,
      data: { test: test.name, path: test.path, ...reason.data },
      location,
    }));
  });
}

/** The name itself, where it is a link: the folders above are followed. */
function nodeAt(
  { filesystem }: Image,
  nodes: ReadonlyMap<string, FileNode>,
  path: string,
): Pick<FileNode, 'entry'> | undefined {
  const plain = posix.resolve('/', path);
  if (plain === '/') return filesystem.lookup('/') ?? { entry: root };
  const folder = filesystem.lookup(posix.dirname(plain))?.path ?? posix.dirname(plain).slice(1);
  return nodes.get(posix.join(folder, posix.basename(plain))) ?? filesystem.lookup(plain);
}

/** Layers need not name the root; engines make it so. */
const root: LayerEntry = {
  path: '',
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
  linkname: '',
  capability: false,
};

type Reason = Omit<Draft, 'location'>;

function reasonsOf(test: ExistenceTest, node: Pick<FileNode, 'entry'> | undefined): Reason[] {
  if (!node) return test.shouldExist ? [{ messageId: 'absent' }] : [];
  if (!test.shouldExist) return [{ messageId: 'present' }];
  const { entry } = node;
  const differs = (what: string, found: string | number, wanted: string | number): Reason[] =>
    found === wanted ? [] : [{ messageId: 'different', data: { what, found, wanted } }];
  const who = test.isExecutableBy || undefined;
  return [
    ...(test.permissions ? differs('the mode', modeText(entry), test.permissions) : []),
    ...(hasOwner(test.uid) ? differs('the owner', entry.uid, test.uid) : []),
    ...(hasOwner(test.gid) ? differs('the group', entry.gid, test.gid) : []),
    ...(who && (entry.mode & executable[who]) === 0
      ? [{ messageId: 'not-executable', data: { who, mode: modeText(entry) } }]
      : []),
  ];
}

/** -1 asks for none. */
function hasOwner(id: number | null | undefined): id is number {
  return id !== null && id !== undefined && id !== -1;
}

const executable = { any: 0o111, owner: 0o100, group: 0o010, other: 0o001 } as const;

const typeLetters: Readonly<Partial<Record<LayerEntry['type'], string>>> = {
  directory: 'd',
  symlink: 'L',
  fifo: 'p',
  'block-device': 'D',
  'character-device': 'Dc',
};

/** As Go's fs.FileMode writes itself: letters of the type and of set-id and sticky bits come first. */
function modeText({ type, mode }: LayerEntry): string {
  const special = [
    typeLetters[type] ?? '',
    mode & 0o4000 ? 'u' : '',
    mode & 0o2000 ? 'g' : '',
    mode & 0o1000 ? 't' : '',
  ].join('');
  const bits = [...'rwxrwxrwx'].map((letter, at) => (mode & (0o400 >> at) ? letter : '-'));
  return `${special || '-'}${bits.join('')}`;
}
