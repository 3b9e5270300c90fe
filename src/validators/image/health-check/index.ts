import type { Check, CheckContext } from '../../../core/check.ts';
import type { Draft, Location } from '../../../core/finding.ts';
import type { HealthCheck } from '../config.ts';
import { firstProgram } from '../executable.ts';
import { type Image, requireConfig, requireContent } from '../image.ts';
import { configLocation, recipe, staticProgram } from '../places.ts';
import { startDrafts, startMessages } from '../start.ts';

const layers = [[{ path: 'usr/bin/healthy', ...staticProgram }]];

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
      slow: 'the health check tells of a service that hangs after {{seconds}} s at the earliest',
      ...startMessages,
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
    const location = configLocation(context.target, 'config.Healthcheck');
    if (healthcheck === null || healthcheck.test.length === 0) {
      return [{ messageId: 'missing', location }];
    }
    if (healthcheck.test[0] === 'NONE') return [{ messageId: 'disabled', location }];
    return [
      ...commandDrafts(context, healthcheck.test, location),
      ...slowDrafts(healthcheck, location),
    ];
  },
};

function commandDrafts(
  context: CheckContext<Image>,
  [form, ...words]: readonly string[],
  location: Location,
): Draft[] {
  const { target, notExamined } = context;
  const config = requireContent(context);
  const failing = (command: string, missing: string) =>
    startDrafts({ target, config, notExamined }, command, location).map(
      (draft): Draft => ({
        ...draft,
        severity: 'error',
        messageId: draft.messageId === 'not-found' ? missing : draft.messageId,
      }),
    );
  if (form === 'CMD-SHELL') {
    const shell = failing(config.shell[0] ?? '/bin/sh', 'shell-missing');
    if (shell.length > 0) return shell;
  }
  const command = form === 'CMD-SHELL' ? firstProgram(words[0] ?? '') : words[0];
  return command === undefined ? [] : failing(command, 'command-missing');
}

/** Seconds in which a service that hangs should be known to. */
const patience = 300;

/** What Docker takes where the image says nothing (https://docs.docker.com/reference/dockerfile/#healthcheck). */
const usual = { interval: 30e9, timeout: 30e9, retries: 3 };

function slowDrafts({ interval, timeout, retries }: HealthCheck, location: Location): Draft[] {
  const each = (interval || usual.interval) + (timeout || usual.timeout);
  const seconds = Math.round(((retries || usual.retries) * each) / 1e9);
  if (seconds <= patience) return [];
  return [{ messageId: 'slow', severity: 'info', data: { seconds }, location }];
}
