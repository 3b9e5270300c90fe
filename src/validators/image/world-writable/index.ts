import type { Check } from '../../../core/check.ts';
import { type Image, requireContent } from '../image.ts';
import { fileLocation, recipe } from '../places.ts';

const settings = (mode: string) => [[{ path: 'app/settings.json', mode, content: '{}' }]];

export const check: Check<Image> = {
  id: 'image/world-writable',
  title: 'Nothing in the image is writable by everybody',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'Whatever user a process has, it can change such a file, or in a folder without the sticky bit replace the files of others.',
    messages: {
      file: '{{path}} may be written by everybody (mode {{mode}})',
      folder: 'in {{path}} everybody may replace the files of others (mode {{mode}})',
    },
    remediation:
      'Take the bit away in the step that makes the file (`chmod o-w`), or add the sticky bit as /tmp has it (1777).',
    bad: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: settings('0666') }),
      findings: [{ messageId: 'file' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: settings('0644') }),
      findings: [],
    },
    references: ['https://man7.org/linux/man-pages/man7/inode.7.html'],
  },
  run(context) {
    const { target } = context;
    requireContent(context);
    return [...target.filesystem.nodes()].flatMap((node) => {
      const { type, mode } = node.entry;
      if ((mode & 0o002) === 0) return [];
      const messageId =
        type === 'file' ? 'file' : type === 'directory' && !(mode & 0o1000) ? 'folder' : undefined;
      const data = { path: `/${node.path}`, mode: mode.toString(8).padStart(4, '0') };
      return messageId ? [{ messageId, data, location: fileLocation(target, node) }] : [];
    });
  },
};
