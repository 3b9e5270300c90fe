import type { CheckContext } from '../../core/check.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { Draft } from '../../core/finding.ts';
import type { ImageRun, RunSetting } from './image-run.ts';

type Context = CheckContext<ImageRun>;

/** A finding about an image that was run. @param log what it printed */
export function runDraft(
  { label }: ImageRun,
  messageId: string,
  data: Draft['data'] = {},
  log?: Evidence,
): Draft {
  return {
    messageId,
    data: { image: label, ...data },
    identity: `${label} ${messageId}`,
    location: {},
    ...(log && { evidence: [log] }),
  };
}

/** What a trial of an image showed, as one message; open when it could not be made. */
export function judgeRunTrial(
  { target, notExamined, skip }: Context,
  setting: RunSetting,
  messageId: string,
): readonly Draft[] {
  const trial = target.trials.find((tried) => tried.setting === setting);
  if (trial?.asked === false) {
    skip(trial.why);
    return [];
  }
  if (!trial || trial.works === null) {
    notExamined(`${setting} of ${target.label}`, trial?.why ?? 'it was not tried');
    return [];
  }
  if (trial.works) return [];
  return [runDraft(target, messageId, { tried: trial.tried, why: trial.why }, trial.log)];
}
