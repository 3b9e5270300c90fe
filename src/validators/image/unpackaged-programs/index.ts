import type { Check, CheckContext } from '../../../core/check.ts';
import type { FileNode } from '../filesystem.ts';
import { type Image, requireContent } from '../image.ts';
import { inventoryOf } from '../packages/inventory.ts';
import { programOf } from '../packages/package.ts';
import { fileLocation, recipe } from '../places.ts';
import { isExecutable } from '../wanted.ts';

const program = (path: string) => ({ path, mode: '0755', content: '#!/bin/sh\n' });
const debian = [
  { path: 'var/lib/dpkg/status', content: 'Package: tool\nVersion: 1.0\n' },
  { path: 'var/lib/dpkg/info/tool.list', content: '/usr/bin/tool\n' },
  program('usr/bin/tool'),
];

/** `/usr/local` is where files of no package belong, so it is not looked at. */
export const check: Check<Image> = {
  id: 'image/unpackaged-programs',
  title: 'Programs in the folders of the distribution belong to its packages',
  severity: 'info',
  // Copying a program to /usr/bin is common, and no fault by itself.
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'No scanner finds what is known of a program that no package brought, no update replaces it, and an update of the distribution may overwrite it. It also is what an intruder leaves behind.',
    messages: {
      unowned:
        '{{count}} programs of this layer are in folders of the distribution and belong to no package, such as {{paths}}',
    },
    remediation:
      'Install it as a package, or copy it to /usr/local/bin and name it in the bill of materials.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [debian, [program('usr/bin/extra')]] }),
      findings: [{ messageId: 'unowned' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [debian, [program('usr/local/bin/extra')]] }),
      findings: [],
    },
    references: [
      'https://refspecs.linuxfoundation.org/FHS_3.0/fhs/ch04s09.html',
      'https://man7.org/linux/man-pages/man1/dpkg-query.1.html',
      'https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2',
    ],
  },
  run(context) {
    const { target } = context;
    requireContent(context);
    const owned = ownedPrograms(context);
    if (!owned) return [];
    const byLayer = new Map<number, FileNode[]>();
    for (const node of target.filesystem.nodes()) {
      const name = isExecutable(node.entry.mode) ? programOf(node.path) : undefined;
      if (node.entry.type !== 'file' || name === undefined || owned.has(name)) continue;
      byLayer.set(node.layer, [...(byLayer.get(node.layer) ?? []), node]);
    }
    return [...byLayer]
      .sort(([a], [b]) => a - b)
      .flatMap(([, nodes]) => {
        const [first] = nodes;
        if (!first) return [];
        const paths = nodes.slice(0, 3).map(({ path }) => `/${path}`);
        const data = { count: nodes.length, paths: paths.join(', ') };
        return [{ messageId: 'unowned', data, location: fileLocation(target, first) }];
      });
  },
};

/** Undefined, and said, where it cannot be known which programs belong to packages. */
function ownedPrograms({ target, skip, notExamined }: CheckContext<Image>) {
  const { packages, unread } = inventoryOf(target);
  const ofDebian = packages.filter(({ type }) => type === 'deb').map(({ name }) => name);
  if (ofDebian.length === 0 && !packages.some(({ type }) => type === 'apk')) {
    skip('the image has no database of dpkg or apk, which say what files belong to packages');
    return undefined;
  }
  const programs = new Set<string>();
  const listed = new Set<string>();
  for (const { path, layer, index } of target.filesystem.nodes()) {
    const name = listOf(path);
    if (name !== undefined) listed.add(name);
    const own = target.layers[layer]?.packages.get(index)?.programs ?? [];
    for (const program of own) programs.add(program);
  }
  const [cut] = unread.filter(({ path }) => /(?:^|\/)(?:dpkg|apk)\//.test(path));
  if (cut) {
    notExamined(`which programs belong to packages: /${cut.path}`, cut.why);
    return undefined;
  }
  const bare = ofDebian.filter((name) => !listed.has(name));
  if (bare.length > 0) {
    const why = `the lists of files of ${bare.length} packages were removed, such as that of ${bare[0]}`;
    notExamined('which programs belong to packages', why);
    return undefined;
  }
  return programs;
}

/** The package whose list of files this is; of one that may be installed for several processors, too. */
function listOf(path: string): string | undefined {
  return /^var\/lib\/dpkg\/(?:info\/([^/:]+)(?::[^/]+)?\.list|status\.d\/([^/]+)\.md5sums)$/
    .exec(path)
    ?.slice(1)
    .find((name) => name !== undefined);
}
