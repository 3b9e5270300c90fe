import type { CheckContext } from '../../core/check.ts';
import type { Draft } from '../../core/finding.ts';
import type { Looked, StartedContainer, Tightening } from './observation.ts';

type Context = CheckContext<StartedContainer>;

/** Judges what was seen; what nobody could look at stays open. @param what named when it stays open */
export function judgeSeen<T>(
  { target, notExamined }: Context,
  what: string,
  looked: Looked<T>,
  judge: (seen: T) => readonly Draft[],
): readonly Draft[] {
  if ('seen' in looked) return judge(looked.seen);
  notExamined(`${what} of ${target.label}`, looked.why);
  return [];
}

/** A finding about a container, at the manifest of what asks for it. */
export function draftOf(
  { label, owner }: StartedContainer,
  messageId: string,
  data: Draft['data'] = {},
): Draft {
  const draft = {
    messageId,
    data: { container: label, ...data },
    identity: `${label} ${messageId}`,
  };
  if (owner === null) return { ...draft, location: {} };
  const { file, line, ...object } = owner;
  const location = { ...(file === null ? {} : { file }), ...(line === null ? {} : { line }) };
  return { ...draft, location, object };
}

/**
 * What a trial showed, as the message `unused` (it works, and is not asked for) or `needed` (with `why`);
 * open when it could not be made.
 */
export function judgeTrial(
  { target, notExamined }: Context,
  setting: Tightening,
  data: Readonly<Record<string, string>> = {},
): readonly Draft[] {
  const trial = target.trials.find((tried) => tried.setting === setting);
  if (!trial || trial.works === null) {
    notExamined(`${setting} of ${target.label}`, trial?.why ?? 'it was not tried');
    return [];
  }
  if (trial.works) return [draftOf(target, 'unused', data)];
  return [draftOf(target, 'needed', { ...data, why: trial.why })];
}
