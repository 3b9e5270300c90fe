import { measured } from '../core/judged-record.ts';
import type { RunRecord } from '../core/record.ts';
import { answersOf } from './answers.ts';
import type { Probed } from './probe.ts';

/** What probes add to a record: their figures, what was left open, and the proposals. */
export function probeParts(probed: readonly Probed[]) {
  return {
    measurements: probed.flatMap(measurementsOf),
    notExamined: probed.flatMap(({ run: { label, proposal } }) =>
      'why' in proposal ? [{ what: `security context of ${label}`, why: proposal.why }] : [],
    ),
    data: {
      runtime: probed.map((one) => {
        const { label, proposal } = one.run;
        const proven = 'seen' in proposal ? proposal.seen : null;
        return { image: label, answers: answersOf(one), proposal: proven };
      }),
    },
  } satisfies Partial<RunRecord>;
}

function measurementsOf({ container, run }: Probed): RunRecord['measurements'] {
  const { stop } = container;
  return [
    ...(run.start.works ? [measured(`runtime.start ${run.label}`, run.start.seconds, 's')] : []),
    ...('seen' in stop
      ? [measured(`runtime.stop ${run.label}`, stop.seen.seconds, 's', stop.seen.graceSeconds)]
      : []),
  ];
}
