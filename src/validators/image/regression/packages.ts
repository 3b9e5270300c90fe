import type { Draft } from '../../../core/finding.ts';
import type { Image } from '../image.ts';
import { inventoryOf } from '../packages/inventory.ts';
import type { InstalledPackage } from '../packages/package.ts';

export const packageMessages = {
  'new-packages': 'new since the release before, packages ({{count}}): {{names}}',
  'lost-packages': 'gone since the release before, packages ({{count}}): {{names}}',
  'changed-packages':
    'of another version than in the release before, packages ({{count}}): {{names}}',
} as const;

/** Names that a message lists; the bill of materials of a release has them all. */
const mostNames = 10;

/** Packages that came, went or changed, each sort in one finding. */
export function packageDrafts(
  image: Image,
  earlier: Image,
  notExamined: (what: string, why: string) => void,
): Draft[] {
  const [present, past] = [inventoryOf(image), inventoryOf(earlier)];
  for (const [{ name }, { unread }] of [
    [image, present],
    [earlier, past],
  ] as const) {
    for (const { path, why } of unread) notExamined(`packages of /${path} in ${name}`, why);
  }
  const [now, before] = [versionsOf(present.packages), versionsOf(past.packages)];
  const came = [...now].filter(([key]) => !before.has(key));
  const went = [...before].filter(([key]) => !now.has(key));
  const changed = [...now].flatMap(([key, { name, versions }]) => {
    const earlierVersions = before.get(key)?.versions;
    if (!earlierVersions || earlierVersions.join() === versions.join()) return [];
    return `${name} ${earlierVersions.join(', ')} → ${versions.join(', ')}`;
  });
  const named = ([, { name, versions }]: readonly [string, Versions]) =>
    `${name} ${versions.join(', ')}`;
  return [
    ...listing(image, 'new-packages', came.map(named)),
    ...listing(image, 'lost-packages', went.map(named)),
    ...listing(image, 'changed-packages', changed),
  ];
}

interface Versions {
  readonly name: string;
  /** Sorted; an ecosystem such as npm may have several at once. */
  readonly versions: readonly string[];
}

function versionsOf(packages: readonly InstalledPackage[]): ReadonlyMap<string, Versions> {
  const found = Map.groupBy(packages, ({ type, name }) => `${type} ${name}`);
  return new Map(
    [...found].map(([key, same]) => [
      key,
      { name: same[0]?.name ?? '', versions: same.map(({ version }) => version).sort() },
    ]),
  );
}

function listing(
  { name: file }: Image,
  messageId: keyof typeof packageMessages,
  names: readonly string[],
): Draft[] {
  if (names.length === 0) return [];
  const rest = names.length - mostNames;
  const listed = names.slice(0, mostNames).join('; ');
  const data = { count: names.length, names: rest > 0 ? `${listed}; and ${rest} more` : listed };
  return [{ messageId, data, location: { file } }];
}
