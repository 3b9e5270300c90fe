import { posix } from 'node:path';
import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { commandOf, findCommand, searchPath } from '../executable.ts';
import { type Image, requireContent } from '../image.ts';
import { mayDo } from '../permission.ts';
import { configLocation, fileLocation, recipe, staticProgram } from '../places.ts';
import { resolveUser } from '../user.ts';

const config = { User: '10001', Cmd: ['/app/run'] };
const layer = (uid: number) => [[{ path: 'app/run', uid, ...staticProgram }]];

export const check: Check<Image> = {
  id: 'image/replaceable-program',
  title: 'The service cannot replace its own programs',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'When the user that a service runs as may write its program, or into a folder of the PATH, a flaw in the service becomes code that is still there after it is started anew.',
    messages: {
      program: '{{path}}, which the image starts, may be written by uid {{uid}} that runs it',
      'program-folder':
        '{{path}}, which holds what the image starts, may be written by uid {{uid}} that runs it',
      'path-folder':
        'the folder {{path}} of the PATH may be written by uid {{uid}} that the image runs as',
    },
    remediation:
      'Leave programs to root (`COPY` without --chown), and give the user folders for data alone.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config, layers: layer(10001) }),
      findings: [{ messageId: 'program' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config, layers: layer(0) }),
      findings: [],
    },
    references: ['https://man7.org/linux/man-pages/man7/path_resolution.7.html'],
  },
  run(context) {
    const { target } = context;
    const config = requireContent(context);
    const user = resolveUser(target, config.user);
    // Root may write everything, which is the finding of image/non-root.
    if (!user || user.uid === 0) return [];
    const { uid } = user;
    const { filesystem } = target;
    const [word] = commandOf(config);
    const file = word === undefined ? undefined : findCommand(filesystem, config, word);
    const programs = file?.entry.type === 'file' ? [file] : [];
    const mayWrite = (path: string) => {
      const node = filesystem.lookup(path);
      return node?.entry.type === 'directory' && mayDo('write', node.entry, user) ? [node] : [];
    };
    const draft = (messageId: string, path: string, location: Draft['location']): Draft => ({
      messageId,
      data: { path: `/${path}`, uid },
      location,
    });
    return [
      ...programs
        .filter(({ entry }) => mayDo('write', entry, user))
        .map((node) => draft('program', node.path, fileLocation(target, node))),
      ...programs
        .flatMap(({ path }) => mayWrite(posix.dirname(path)))
        .map((node) => draft('program-folder', node.path, fileLocation(target, node))),
      ...searchPath(config)
        .flatMap(mayWrite)
        .map((node) =>
          draft('path-folder', node.path, configLocation(target, 'config.Env', 'PATH=')),
        ),
    ];
  },
};
