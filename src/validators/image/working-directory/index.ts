import { posix } from 'node:path';
import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Image, requireContent } from '../image.ts';
import { closedFolder, mayDo } from '../permission.ts';
import { configLocation, recipe } from '../places.ts';
import { isSystemFolder } from '../system-folders.ts';
import { resolveUser } from '../user.ts';

const config = { User: '10001', WorkingDir: '/app' };
const folder = (mode: string) => [[{ path: 'app', type: 'directory', mode }]];

export const check: Check<Image> = {
  id: 'image/working-directory',
  title: 'A container can start in its working directory',
  severity: 'error',
  critical: true,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'The runtime enters the working directory before it starts anything; where there is none, no container starts, and where the image’s user may not enter, nothing is found by a relative name.',
    messages: {
      'not-a-folder': 'the working directory {{path}} is no folder in the image',
      closed:
        'uid {{uid}} may not enter the working directory {{path}} ({{folder}} has mode {{mode}}): names relative to it are not found, and some runtimes do not start it',
      relative: 'the working directory {{path}} is not absolute',
      system: 'the working directory {{path}} is a folder of the system',
    },
    remediation:
      'Create the folder in the Dockerfile with an owner or a mode that lets the image’s user in, and name it with WORKDIR.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config, layers: folder('0700') }),
      findings: [{ messageId: 'closed' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config, layers: folder('0755') }),
      findings: [],
    },
    references: [
      'https://github.com/opencontainers/image-spec/blob/main/config.md#properties',
      'https://man7.org/linux/man-pages/man2/chdir.2.html',
    ],
  },
  run(context) {
    const config = requireContent(context);
    const draft = examine(context.target, config.workingDir, config.user);
    return draft
      ? [{ ...draft, location: configLocation(context.target, 'config.WorkingDir') }]
      : [];
  },
};

function examine(image: Image, path: string, name: string): Omit<Draft, 'location'> | undefined {
  if (!path.startsWith('/')) return { messageId: 'relative', data: { path } };
  const { filesystem } = image;
  const user = resolveUser(image, name);
  const node = filesystem.lookup(path);
  if (node && node.entry.type !== 'directory') return { messageId: 'not-a-folder', data: { path } };
  const where = node?.path ?? posix.normalize(path).slice(1);
  const closed =
    closedFolder(filesystem, where, user) ??
    (node && !mayDo('execute', node.entry, user) ? node : undefined);
  if (closed) {
    const mode = closed.entry.mode.toString(8).padStart(4, '0');
    return {
      messageId: 'closed',
      severity: 'warning',
      data: { path, folder: `/${closed.path}`, mode, uid: user?.uid ?? name },
    };
  }
  return path !== '/' && isSystemFolder(path)
    ? { messageId: 'system', severity: 'warning', data: { path } }
    : undefined;
}
