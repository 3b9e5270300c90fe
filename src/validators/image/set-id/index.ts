import type { Check } from '../../../core/check.ts';
import { type Image, requireContent } from '../image.ts';
import { fileLocation, recipe } from '../places.ts';
import { rightsOf } from '../rights.ts';

const tool = { path: 'usr/bin/tool', content: 'tool' };

export const check: Check<Image> = {
  id: 'image/set-id',
  title: 'No setuid or setgid programs, no file capabilities',
  severity: 'error',
  critical: true,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'Such a program gives whoever starts it more rights than they have, which undoes a non-root user. File capabilities do the same and show in no mode.',
    messages: {
      setuid: '{{path}} runs as its owner (uid {{owner}}, mode {{mode}})',
      setgid: '{{path}} runs as its group (gid {{owner}}, mode {{mode}})',
      capability: '{{path}} has file capabilities',
    },
    remediation:
      'Remove the bits in the layer that adds the file (`chmod a-s`, `setcap -r`), or allow the path with the option `allow`.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [[{ ...tool, mode: '4755' }]] }),
      findings: [{ messageId: 'setuid' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [[{ ...tool, mode: '0755' }]] }),
      findings: [],
    },
    options: { allow: 'absolute paths of the files that may have these rights' },
    references: [
      'https://man7.org/linux/man-pages/man2/execve.2.html',
      'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    ],
  },
  run(context) {
    const { target, options } = context;
    requireContent(context);
    const allowed = allowedPaths(options.allow);
    return [...target.filesystem.nodes()].flatMap((node) => {
      const path = `/${node.path}`;
      const gains = allowed.has(path) ? undefined : rightsOf(node.entry);
      if (!gains) return [];
      const data = { path, mode: node.entry.mode.toString(8).padStart(4, '0'), owner: gains.owner };
      return [{ messageId: gains.messageId, data, location: fileLocation(target, node) }];
    });
  },
};

function allowedPaths(option: unknown): ReadonlySet<unknown> {
  return new Set(Array.isArray(option) ? option : []);
}
