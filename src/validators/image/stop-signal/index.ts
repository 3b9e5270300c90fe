import type { Check } from '../../../core/check.ts';
import { type Image, requireConfig } from '../image.ts';
import { configLocation, recipe } from '../places.ts';

export const check: Check<Image> = {
  id: 'image/stop-signal',
  title: 'The image asks for a signal that lets it end in order',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'A signal that cannot be caught ends a service in the middle of its requests, at each rollout and rollback; one that does not exist keeps the container from being stopped or made.',
    messages: {
      unknown: 'the stop signal {{signal}} does not exist',
      fatal: 'the stop signal {{signal}} cannot be caught, so nothing is finished first',
    },
    remediation: 'Leave STOPSIGNAL out, which means SIGTERM, or name the one the service ends on.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config: { StopSignal: 'SIGKILL' }, layers: [] }),
      findings: [{ messageId: 'fatal' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: { StopSignal: 'SIGQUIT' }, layers: [] }),
      findings: [],
    },
    references: [
      'https://docs.docker.com/reference/dockerfile/#stopsignal',
      'https://man7.org/linux/man-pages/man7/signal.7.html',
    ],
  },
  run(context) {
    const signal = requireConfig(context).stopSignal.trim();
    if (signal === '') return [];
    const name = signal.toUpperCase().replace(/^SIG/, '');
    const number = /^\d+$/.test(name) ? Number(name) : undefined;
    const exists =
      number === undefined
        ? names.has(name) || /^RT(?:MIN(?:\+\d{1,2})?|MAX(?:-\d{1,2})?)$/.test(name)
        : number >= 1 && number <= 64;
    const isFatal =
      number === undefined ? name === 'KILL' || name === 'STOP' : [9, 19].includes(number);
    const messageId = exists ? (isFatal ? 'fatal' : undefined) : 'unknown';
    const location = configLocation(context.target, 'config.StopSignal');
    return messageId ? [{ messageId, data: { signal }, location }] : [];
  },
};

/** signal(7), as Linux on amd64 and arm64 has them. */
const names = new Set(
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ'.split(
    ' ',
  ),
);
