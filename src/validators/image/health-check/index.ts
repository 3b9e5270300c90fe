import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { ImageConfig } from '../config.ts';
import { findCommand, firstProgram } from '../executable.ts';
import { type Image, requireConfig, requireContent } from '../image.ts';
import { configLocation, recipe } from '../places.ts';

const layers = [[{ path: 'usr/bin/healthy', mode: '0755', content: '#!/usr/bin/healthy\n' }]];

export const check: Check<Image> = {
  id: 'image/health-check',
  title: 'The image has a health check that can run',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'Without a health check Docker and Compose call a hanging service healthy; one whose command is not in the image makes every container unhealthy. (Kubernetes uses its own probes.)',
    messages: {
      missing: 'the image has no health check',
      disabled: 'the image switches its health check off (HEALTHCHECK NONE)',
      'command-missing': 'the health check runs {{command}}, which is not in the image',
      'shell-missing': 'the health check needs the shell {{command}}, which is not in the image',
    },
    remediation:
      'Add HEALTHCHECK with a command that is part of the image, best the service’s own binary.',
    bad: {
      language: 'image-recipe',
      text: recipe({
        config: { Healthcheck: { Test: ['CMD', 'curl', '-f', 'localhost'] } },
        layers,
      }),
      findings: [{ messageId: 'command-missing' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: { Healthcheck: { Test: ['CMD', 'healthy'] } }, layers }),
      findings: [],
    },
    references: [
      'https://docs.docker.com/reference/dockerfile/#healthcheck',
      'https://github.com/moby/docker-image-spec/blob/main/spec.md',
    ],
  },
  run(context) {
    const { healthcheck } = requireConfig(context);
    const draft =
      healthcheck === null || healthcheck.test.length === 0
        ? { messageId: 'missing' }
        : healthcheck.test[0] === 'NONE'
          ? { messageId: 'disabled' }
          : commandDraft(context.target, requireContent(context), healthcheck.test);
    const location = configLocation(context.target, 'config.Healthcheck');
    return draft ? [{ ...draft, location }] : [];
  },
};

function commandDraft(
  { filesystem }: Image,
  config: ImageConfig,
  [form, ...words]: readonly string[],
): Omit<Draft, 'location'> | undefined {
  const isThere = (word: string) => findCommand(filesystem, config, word) !== undefined;
  const shell = config.shell[0] ?? '/bin/sh';
  if (form === 'CMD-SHELL' && !isThere(shell)) {
    return { messageId: 'shell-missing', severity: 'error', data: { command: shell } };
  }
  const command = form === 'CMD-SHELL' ? firstProgram(words[0] ?? '') : words[0];
  if (command === undefined || isThere(command)) return undefined;
  return { messageId: 'command-missing', severity: 'error', data: { command } };
}
