import type { CheckContext } from '../../core/check.ts';
import type { Draft } from '../../core/finding.ts';
import type { Looked, ProcessSeen, StartedContainer, Tightening } from './observation.ts';

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
function judgeTrial(
  { target, notExamined }: Context,
  setting: Tightening,
  data: Readonly<Record<string, string>> = {},
): readonly Draft[] {
  const trial = target.trials.find((tried) => tried.setting === setting);
  if (!trial || trial.works === null) {
    notExamined(`${setting} of ${target.label}`, trial?.why ?? 'it was not tried');
    return [];
  }
  // An image cannot ask to be run in some way; what it bears is for whoever runs it to make use of.
  if (trial.works) return target.owner === null ? [] : [draftOf(target, 'unused', data)];
  const draft = draftOf(target, 'needed', { ...data, why: trial.why });
  return [trial.log ? { ...draft, evidence: [trial.log] } : draft];
}

/**
 * What a trial of a tightening showed, for a process that is not tight already. A container of an engine never
 * is, so its trial counts also when nobody could look at the process.
 * @param what named when it stays open
 */
export function judgeTightening(
  context: Context,
  what: string,
  isTight: (process: ProcessSeen) => boolean,
  setting: Tightening,
  data: Readonly<Record<string, string>> = {},
): readonly Draft[] {
  const { owner, process } = context.target;
  if (owner === null) return judgeTrial(context, setting, data);
  return judgeSeen(context, what, process, (seen) =>
    isTight(seen) ? [] : judgeTrial(context, setting, data),
  );
}
