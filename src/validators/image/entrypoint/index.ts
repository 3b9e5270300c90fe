import type { Check } from '../../../core/check.ts';
import { commandOf, firstProgram, isShellForm } from '../executable.ts';
import { type Image, requireContent } from '../image.ts';
import { configLocation, recipe, staticProgram } from '../places.ts';
import { type Starting, startDrafts, startMessages } from '../start.ts';

const script = (mode: string) => [
  [
    { path: 'bin/run', ...staticProgram },
    { path: 'app/start', mode, content: '#!/bin/run\nserve\n' },
  ],
];
const config = { User: '10001', Entrypoint: ['/app/start'] };

export const check: Check<Image> = {
  id: 'image/entrypoint',
  title: 'The image will start',
  severity: 'error',
  critical: true,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'An entrypoint that is not there, not executable, of another processor or without its interpreter or libraries fails at the first start, on the cluster.',
    messages: {
      nothing: 'the image has neither an entrypoint nor a command',
      ...startMessages,
      'shell-form':
        'the command is run by a shell, which passes on no SIGTERM unless the command replaces it with exec',
    },
    remediation:
      'Start the image once in the pipeline (`docker run --rm`), give ENTRYPOINT as a JSON list, and copy binaries of the right platform with their mode.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config, layers: script('0644') }),
      findings: [{ messageId: 'not-executable' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config, layers: script('0755') }),
      findings: [],
    },
    references: [
      'https://github.com/opencontainers/image-spec/blob/main/config.md#properties',
      'https://man7.org/linux/man-pages/man2/execve.2.html',
      'https://man7.org/linux/man-pages/man8/ld.so.8.html',
      'https://docs.docker.com/reference/dockerfile/#shell-and-exec-form',
    ],
  },
  run(context) {
    const { target } = context;
    const config = requireContent(context);
    const starting: Starting = { target, config, notExamined: context.notExamined };
    const command = commandOf(config);
    const where = config.entrypoint.length > 0 ? 'config.Entrypoint' : 'config.Cmd';
    const location = configLocation(target, where);
    const [word] = command;
    if (word === undefined) return [{ messageId: 'nothing', location }];

    const drafts = startDrafts(starting, word, location);
    if (!isShellForm(command)) return drafts;
    const line = command[2] ?? '';
    const program = firstProgram(line);
    return [
      ...drafts,
      ...(program === undefined ? [] : startDrafts(starting, program, location)),
      ...(/^\s*exec\s/.test(line)
        ? []
        : [{ messageId: 'shell-form', severity: 'info' as const, location }]),
    ];
  },
};
