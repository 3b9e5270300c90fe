import type { RunSetting } from '../validators/runtime/image-run.ts';
import type { Tightening } from '../validators/runtime/observation.ts';
import type { Probed } from './probe.ts';
import { startedText } from './proposed.ts';

/** One question that was asked of an image, and what came of it. */
export interface Answer {
  readonly question: string;
  /** `open`: nobody could look; `none`: there was nothing to ask. */
  readonly answer: 'proven' | 'broken' | 'open' | 'none';
  readonly text: string;
}

const questions = {
  'read-only-root': 'works with a read-only root',
  'no-capabilities': 'works without capabilities',
  'no-new-privileges': 'works when it can gain no privileges',
  'other-user': 'works as any user',
  'no-network': 'starts without a network',
  'second-start': 'starts again on its volumes',
  'memory-limit': 'starts within its memory limit',
} as const satisfies Record<Tightening | RunSetting, string>;

/** Every question with its answer, in the order they were asked. */
export function answersOf({ container, run }: Probed): Answer[] {
  return [
    startAnswer(run),
    ...healthAnswer(run),
    userAnswer(container),
    stopAnswer(container),
    ...[...container.trials, ...run.trials].map((trial): Answer => {
      const question = questions[trial.setting];
      const tried = 'tried' in trial && trial.works !== null ? trial.tried : '';
      if ('asked' in trial && !trial.asked) return { question, answer: 'none', text: trial.why };
      if (trial.works === null) return { question, answer: 'open', text: trial.why };
      return { question, answer: trial.works ? 'proven' : 'broken', text: trial.why || tried };
    }),
    writesAnswer(run),
  ];
}

function startAnswer({ start }: Probed['run']): Answer {
  const question = 'starts as it asks to be run';
  if (start.works) return { question, answer: 'proven', text: startedText(start) };
  return { question, answer: 'broken', text: `${start.why} (${start.seconds} s)` };
}

function healthAnswer({ health }: Probed['run']): Answer[] {
  const question = 'turns healthy';
  if (health === null) return [];
  if ('why' in health) return [{ question, answer: 'open', text: health.why }];
  const { healthy, seconds, said } = health.seen;
  const text = healthy ? `after ${seconds} s` : `not within ${seconds} s; it printed: ${said}`;
  return [{ question, answer: healthy ? 'proven' : 'broken', text }];
}

function userAnswer({ users }: Probed['container']): Answer {
  const question = 'runs without root';
  if (users === undefined || 'why' in users) {
    return { question, answer: 'open', text: users?.why ?? 'nobody looked' };
  }
  const ids = [...new Set(users.seen.map(({ uid, gid }) => `uid ${uid}, gid ${gid}`))];
  const isRoot = users.seen.some(({ uid }) => uid === 0);
  return { question, answer: isRoot ? 'broken' : 'proven', text: ids.join('; ') };
}

function stopAnswer({ stop }: Probed['container']): Answer {
  const question = 'ends when it is asked to';
  if ('why' in stop) return { question, answer: 'open', text: stop.why };
  const { killed, seconds, exitCode, graceSeconds } = stop.seen;
  const text = killed
    ? `killed after ${seconds} s (grace ${graceSeconds} s)`
    : `after ${seconds} s with exit code ${exitCode}`;
  return { question, answer: killed ? 'broken' : 'proven', text };
}

function writesAnswer({ writes }: Probed['run']): Answer {
  const question = 'writes nothing outside of volumes';
  if ('why' in writes) return { question, answer: 'open', text: writes.why };
  const isClean = writes.seen.length === 0;
  const text = writes.seen.slice(0, 8).join(', ');
  return { question, answer: isClean ? 'proven' : 'broken', text };
}

const marks = { proven: 'proven', broken: 'BROKEN', open: 'open', none: '-' } as const;

/** For a person: a line for each question, then the settings as they go into a manifest. */
export function answerLines(probed: Probed): string[] {
  const { label, proposal } = probed.run;
  const answers = answersOf(probed);
  const width = Math.max(...answers.map(({ question }) => question.length));
  return [
    label,
    ...answers.map(({ question, answer, text }) =>
      `  ${marks[answer].padEnd(6)}  ${question.padEnd(width)}  ${text}`.trimEnd(),
    ),
    '',
    ...('seen' in proposal
      ? proposal.seen.yaml.trimEnd().split('\n')
      : [`no security context to propose: ${proposal.why}`]),
  ];
}
