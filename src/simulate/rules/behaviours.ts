import type { CheckContext } from '../../core/check.ts';
import type { Draft } from '../../core/finding.ts';
import type { Problem } from '../answer-problems.ts';
import type {
  AskedBehaviour,
  BehaviourName,
  BehaviourSeen,
  SeenOf,
  UnaskedBehaviour,
} from '../behaviour/seen.ts';
import type { Simulation } from '../observation.ts';

/** The message of every rule about a behaviour, for what gave no answer at all. */
export const noAnswer = '{{where}} gives no answer: {{error}}; look at the log of its pod';

/**
 * Judges what was seen of a behaviour; what could not be asked stays open.
 * @param judge may say through `open` that a part was not examined
 */
export function judgeBehaviour<K extends BehaviourName>(
  { target, notExamined }: CheckContext<Simulation>,
  name: K,
  judge: (seen: SeenOf<K>, open: (why: string) => void) => readonly Problem[],
): Draft[] {
  const isNamed = (entry: BehaviourSeen): entry is AskedBehaviour<K> | UnaskedBehaviour =>
    entry.behaviour === name;
  return target.behaviour.filter(isNamed).flatMap((entry) => {
    const what = `${entry.behaviour} of ${entry.service} ${entry.path}`;
    if (entry.pod === null) {
      notExamined(what, entry.why);
      return [];
    }
    const problems = judge(entry.seen, (why) => notExamined(what, why));
    return drafts(`${entry.service}: ${entry.path}`, problems);
  });
}

/** @param where a service with its path, or a URL */
export function drafts(where: string, problems: readonly Problem[]): Draft[] {
  return problems.map(({ messageId, data, about }) => ({
    ...{ messageId, data: { where, ...data }, location: {} },
    identity: about === undefined ? where : `${where} ${about}`,
  }));
}
