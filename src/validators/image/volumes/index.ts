import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { Step } from '../history.ts';
import { type Image, requireConfig } from '../image.ts';
import { configLocation, recipe, stepLocation } from '../places.ts';
import { isSystemFolder } from '../system-folders.ts';

export const check: Check<Image> = {
  id: 'image/volumes',
  title: 'Volumes hide nothing that the image needs',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'A volume is mounted over what the image has there. Over a folder of the system it takes away programs or hands out the host; and what a build writes into a volume after declaring it, older builders drop without a word.',
    messages: {
      system: 'the volume {{path}} is a folder of the system',
      socket:
        'the volume {{path}} is the socket of the container engine, which is root on the host',
      relative: 'the volume {{path}} is not absolute',
      'written-later':
        'a step after the declaration of the volume {{path}} names that path: a builder without BuildKit drops what it writes there',
    },
    remediation:
      'Declare volumes for data folders of the application only, after the last step that writes into them, or leave them to whoever runs the image.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config: { Volumes: { '/etc': {} } }, layers: [] }),
      findings: [{ messageId: 'system' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: { Volumes: { '/var/lib/shop': {} } }, layers: [] }),
      findings: [],
    },
    references: [
      'https://docs.docker.com/reference/dockerfile/#volume',
      'https://docs.docker.com/reference/dockerfile/#notes-about-specifying-volumes',
    ],
  },
  run(context) {
    const { target } = context;
    return requireConfig(context).volumes.flatMap((path) => {
      const messageId = kindOf(path);
      const location = configLocation(target, 'config.Volumes', path);
      return messageId ? [{ messageId, data: { path }, location }] : writtenLater(target, path);
    });
  },
};

function kindOf(path: string): string | undefined {
  if (!path.startsWith('/')) return 'relative';
  if (/\/(?:docker|podman|containerd|crio)\.sock\/?$/.test(path)) return 'socket';
  return isSystemFolder(path) ? 'system' : undefined;
}

function writtenLater(image: Image, path: string): Draft[] {
  const { steps } = image;
  const declared = steps.findIndex(
    ({ instruction, rest }) => instruction === 'VOLUME' && names(rest, path),
  );
  if (declared === -1) return [];
  return steps
    .slice(declared + 1)
    .filter((step) => step.instruction === 'RUN' && !isBuildKit(step) && names(step.rest, path))
    .map((step) => ({
      messageId: 'written-later',
      severity: 'warning',
      data: { path },
      location: stepLocation(image, step),
    }));
}

/** BuildKit keeps what is written into volumes. */
function isBuildKit({ comment, createdBy }: Step): boolean {
  return comment.startsWith('buildkit') || createdBy.endsWith('# buildkit');
}

function names(text: string, path: string): boolean {
  const at = text.indexOf(path);
  return (
    at !== -1 && !/[\w.-]/.test(text[at + path.length] ?? '') && !/[\w.-]/.test(text[at - 1] ?? '')
  );
}
