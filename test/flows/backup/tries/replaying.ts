import { sha256Hex } from '../../../../src/core/digest.ts';
import type { Spoilt } from './spoiling.ts';
import type { Changes, Content } from './tree.ts';

export interface Replaying {
  readonly name: string;
  /** Why reading the set cannot find it where it is not signed, or at all; otherwise it has to be found. */
  readonly unseen: 'unsigned' | 'always' | 'never';
  /** What is asked for, when that is not the set by its name. */
  readonly asked?: 'last';
  readonly spoil: (spoilt: Spoilt) => Changes;
}

const fileOf = ({ tree, set }: Spoilt, name: string, from = set): Buffer =>
  tree.get(`sets/${from}/${name}`) ?? Buffer.alloc(0);

/** Files of the older set in the place of those of the set. */
const replay = (spoilt: Spoilt, names: readonly string[]): Changes =>
  new Map(
    names
      .map((name): [string, Content] => [
        `sets/${spoilt.set}/${name}`,
        spoilt.tree.get(`sets/${spoilt.older}/${name}`) ?? null,
      ])
      .filter(([path, content]) => content !== null || spoilt.tree.has(path)),
  );

const namesOf = ({ tree }: Spoilt, set: string): string[] =>
  [...tree.keys()]
    .filter((path) => path.startsWith(`sets/${set}/`))
    .map((path) => path.slice(`sets/${set}/`.length));

const everyName = (spoilt: Spoilt): string[] => [
  ...new Set([...namesOf(spoilt, spoilt.set), ...namesOf(spoilt, spoilt.older)]),
];

/** The manifest changed by somebody who knows the format, sums and all. */
function rewritten(spoilt: Spoilt, change: (text: string) => string): Changes {
  const manifest = Buffer.from(change(fileOf(spoilt, 'manifest.json').toString('utf8')));
  const sums = fileOf(spoilt, 'SHA256SUMS').toString('utf8');
  const line = `${sha256Hex(manifest)}  manifest.json`;
  return new Map([
    [`sets/${spoilt.set}/manifest.json`, manifest],
    [
      `sets/${spoilt.set}/SHA256SUMS`,
      Buffer.from(sums.replace(/^[0-9a-f]{64} {2}manifest\.json$/m, line)),
    ],
  ]);
}

const anotherDay = (text: string): string =>
  text.replace(/"createdAt": "[^"]*"/, '"createdAt": "2030-01-01T00:00:00.000Z"');

/** The dump of the older set, and a manifest and sums that say so. */
function olderDump(spoilt: Spoilt): Changes {
  const entry = (set: string) => {
    const manifest = JSON.parse(fileOf(spoilt, 'manifest.json', set).toString('utf8'));
    const files: { path: string }[] = manifest.files;
    return { manifest, file: files.find(({ path }) => path.startsWith('database.dump')) };
  };
  const [own, older] = [entry(spoilt.set), entry(spoilt.older)];
  if (!own.file || !older.file) throw new Error('a set without a dump');
  const { path } = own.file;
  Object.assign(own.file, older.file);
  const dump = fileOf(spoilt, path, spoilt.older);
  const changes = rewritten(spoilt, () => `${JSON.stringify(own.manifest, null, 2)}\n`);
  const sums = String(changes.get(`sets/${spoilt.set}/SHA256SUMS`)).replace(
    new RegExp(`^[0-9a-f]{64}  ${path.replaceAll('.', '\\.')}$`, 'm'),
    `${sha256Hex(dump)}  ${path}`,
  );
  return new Map([
    ...changes,
    [`sets/${spoilt.set}/${path}`, dump],
    [`sets/${spoilt.set}/SHA256SUMS`, Buffer.from(sums)],
  ]);
}

const gone = (spoilt: Spoilt): Changes =>
  new Map(namesOf(spoilt, spoilt.set).map((name) => [`sets/${spoilt.set}/${name}`, null]));

/** Ways to spoil a set as a whole, or what lies beside it. */
export const replayings: readonly Replaying[] = [
  {
    name: 'the manifest of the older set',
    unseen: 'never',
    spoil: (spoilt) => replay(spoilt, ['manifest.json']),
  },
  {
    name: 'manifest, sums and signature of the older set',
    unseen: 'never',
    spoil: (spoilt) => replay(spoilt, ['manifest.json', 'SHA256SUMS', 'manifest.json.sig']),
  },
  {
    name: 'every file of the older set under its name',
    unseen: 'never',
    spoil: (spoilt) => replay(spoilt, everyName(spoilt)),
  },
  {
    name: 'the manifest written anew, meaning the same',
    unseen: 'never',
    spoil: (spoilt) =>
      new Map([
        [
          `sets/${spoilt.set}/manifest.json`,
          Buffer.from(JSON.stringify(JSON.parse(String(fileOf(spoilt, 'manifest.json'))))),
        ],
      ]),
  },
  {
    name: 'a file that is no part of it',
    unseen: 'never',
    spoil: ({ set, random }) =>
      new Map([[`sets/${set}/extra${Math.floor(random() * 1000)}`, Buffer.from('extra')]]),
  },
  {
    name: 'a file gone, and its line of the sums',
    unseen: 'never',
    spoil(spoilt) {
      const sums = String(fileOf(spoilt, 'SHA256SUMS')).split('\n');
      const at = Math.floor(spoilt.random() * (sums.length - 1));
      const [name = ''] = sums.splice(at, 1).map((line) => line.slice(66));
      return new Map<string, Content>([
        [`sets/${spoilt.set}/${name}`, null],
        [`sets/${spoilt.set}/SHA256SUMS`, Buffer.from(sums.join('\n'))],
      ]);
    },
  },
  {
    name: 'manifest and sums written anew, of another day',
    unseen: 'unsigned',
    spoil: (spoilt) => rewritten(spoilt, anotherDay),
  },
  {
    name: 'the dump of the older set, manifest and sums written anew',
    unseen: 'unsigned',
    spoil: olderDump,
  },
  {
    name: 'the signature taken away, manifest and sums written anew',
    unseen: 'unsigned',
    spoil(spoilt) {
      const unsigned = rewritten(spoilt, (text) =>
        anotherDay(text).replace(/"signature": \{[^}]*\}/, '"signature": null'),
      );
      return new Map<string, Content>([
        ...unsigned,
        [`sets/${spoilt.set}/manifest.json.sig`, null],
      ]);
    },
  },
  { name: 'all of it gone', unseen: 'never', spoil: gone },
  {
    name: 'all of it gone, where the last is asked for',
    unseen: 'always',
    asked: 'last',
    spoil: gone,
  },
  {
    name: 'an object that no set counts on',
    unseen: 'always',
    spoil: () => {
      const content = Buffer.from('no set names it');
      const sum = sha256Hex(content);
      return new Map([[`objects/${sum.slice(0, 2)}/${sum}`, content]]);
    },
  },
  {
    name: 'a file beside the sets',
    unseen: 'always',
    spoil: () => new Map([['README', Buffer.from('not ours')]]),
  },
];
