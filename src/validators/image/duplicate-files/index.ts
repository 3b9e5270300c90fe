import type { Check } from '../../../core/check.ts';
import type { FileNode } from '../filesystem.ts';
import { type Image, requireContent } from '../image.ts';
import { bytesOf, bytesText } from '../options.ts';
import { fileLocation, recipe } from '../places.ts';
import { leastSummed } from '../wanted.ts';

const id = 'image/duplicate-files';

/** Enough bytes to be looked at. */
const large = (path: string, letter: string) => ({ path, content: letter, times: leastSummed });

/** Contents that no later layer hides, which is what image/efficiency asks. */
export const check: Check<Image> = {
  id,
  title: 'No large file is in the image under several names',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'Every node pulls and stores each copy. A copy also is what an update of the other one misses.',
    messages: {
      same: '{{count}} files are the same by size and CRC-32, {{bytes}} each: {{paths}}',
    },
    remediation: 'Keep one, and let a symbolic link have the other name.',
    options: {
      wasted: 'bytes that copies of one file may take together, such as `20 MB`; 0 when not given',
    },
    bad: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [[large('app/a.bin', 'x')], [large('srv/b.bin', 'x')]] }),
      findings: [{ messageId: 'same' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [[large('app/a.bin', 'x')], [large('srv/b.bin', 'y')]] }),
      findings: [],
    },
    references: ['https://github.com/opencontainers/image-spec/blob/main/layer.md'],
  },
  run(context) {
    const { target, options } = context;
    requireContent(context);
    const allowed = bytesOf(id, options, 'wasted') ?? 0;
    return groupsOf(target).flatMap((copies) => {
      const [first] = copies;
      const size = first?.entry.size ?? 0;
      if (!first || copies.length < 2 || size * (copies.length - 1) <= allowed) return [];
      const paths = copies.slice(0, 4).map(({ path }) => `/${path}`);
      const more = copies.length > paths.length ? [' …'] : [];
      const data = {
        ...{ count: copies.length, bytes: bytesText(size) },
        paths: `${paths.join(', ')}${more.join('')}`,
      };
      return [{ messageId: 'same', data, location: fileLocation(target, first) }];
    });
  },
};

/** Files with the same size and checksum, each once by whatever hard links. */
function groupsOf({ filesystem }: Image): readonly (readonly FileNode[])[] {
  const groups = new Map<string, Map<string, FileNode>>();
  for (const node of filesystem.nodes()) {
    const { size, checksum } = node.entry;
    if (checksum === undefined) continue;
    const key = `${size} ${checksum}`;
    const group = groups.get(key) ?? new Map<string, FileNode>();
    const place = `${node.layer} ${node.index}`;
    if (!group.has(place)) group.set(place, node);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => [...group.values()]);
}
