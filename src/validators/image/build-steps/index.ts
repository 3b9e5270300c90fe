import type { Check } from '../../../core/check.ts';
import type { Step } from '../history.ts';
import { type Image, requireConfig } from '../image.ts';
import { baseIn, recipe, stepLocation } from '../places.ts';

const history = (line: string) => [{ created_by: line }];
const layers = [[{ path: 'app/server.js', content: 'serve()' }]];

export const check: Check<Image> = {
  id: 'image/build-steps',
  title: 'The steps of the build do what they seem to do, each time',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'Some steps take what the day of the build offers, or do more than they say. This reads the history of the image; whoever has the Dockerfile checks that, which says more.',
    messages: {
      'remote-add':
        'ADD takes {{url}} from the network; nothing in the history tells that its checksum was asked for',
      'local-add':
        'ADD copies local files, which COPY does without unpacking archives and following addresses',
      upgrade: 'the step upgrades all packages, to what there is on the day of the build',
      'apt-install':
        'the step runs `apt-get update` and installs nothing, so a cached list serves a later install',
      sudo: 'the step uses sudo, though steps of a build run as their USER',
      cd: 'the step begins with cd and does nothing there; WORKDIR says where to be',
    },
    remediation:
      'Use COPY, `ADD --checksum`, a newer base in place of upgrades, `USER`, and WORKDIR.',
    bad: {
      language: 'image-recipe',
      text: recipe({
        config: {},
        layers,
        history: history('RUN apt-get update && apt-get dist-upgrade -y'),
      }),
      findings: [{ messageId: 'upgrade' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers, history: history('COPY server.js /app/ # buildkit') }),
      findings: [],
    },
    references: [
      'https://docs.docker.com/build/building/best-practices/',
      'https://docs.docker.com/reference/dockerfile/#add',
    ],
  },
  run(context) {
    const { target } = context;
    requireConfig(context);
    // The steps of the base are for those to mend who build it.
    const below = baseIn(target)?.steps ?? 0;
    return target.steps.slice(below).flatMap((step) => {
      const location = stepLocation(target, step);
      return [...addIds(step), ...runIds(step)].map((messageId) => {
        const url = /https?:\/\/[^\s/@]+/.exec(step.rest)?.[0] ?? '';
        return messageId === 'remote-add'
          ? { messageId, data: { url }, location }
          : { messageId, location };
      });
    });
  },
};

function addIds({ instruction, rest, index }: Step): string[] {
  if (instruction !== 'ADD') return [];
  if (/https?:\/\//.test(rest)) return rest.includes('--checksum') ? [] : ['remote-add'];
  // The first step of a distribution's image unpacks its root file system.
  return index === 0 && / \/(?:\s|$)/.test(rest) ? [] : ['local-add'];
}

function runIds({ instruction, rest }: Step): string[] {
  if (instruction !== 'RUN') return [];
  const updates = /\bapt(?:-get)?\s+(?:-\S+\s+)*update\b/.test(rest);
  const installs =
    /\bapt(?:-get)?\s[^;&|]*\b(?:install|upgrade|dist-upgrade|full-upgrade|build-dep)\b/.test(rest);
  return [
    ...(/\b(?:apt(?:-get)?\s[^;&|]*\b(?:dist-upgrade|full-upgrade|upgrade)|apk\s[^;&|]*\bupgrade|(?:yum|dnf)\s[^;&|]*\b(?:update|upgrade)\s*(?:-y\s*)?(?:$|[;&|]))/.test(
      rest,
    )
      ? ['upgrade']
      : []),
    ...(updates && !installs ? ['apt-install'] : []),
    ...(/(?:^|[;&|]\s*)sudo\s/.test(rest) ? ['sudo'] : []),
    ...(/^\s*cd\s+\S+\s*$/.test(rest) ? ['cd'] : []),
  ];
}
