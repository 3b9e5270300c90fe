import type { Evidence } from '../../core/evidence.ts';
import { Fault } from '../../core/fault.ts';
import type { RunRecord } from '../../core/record.ts';
import type { Target, TargetKind } from '../../core/target.ts';

/** A target that was loaded, or why it could not be. */
export interface Loaded {
  readonly kind: TargetKind;
  readonly source: string;
  readonly target?: Target;
  readonly fault?: Fault;
  /** What it is: the listing of its files in sha256sum format, or the summary of an image. */
  readonly evidence?: Evidence;
}

/** What a use case saw of a live system, and what the record takes from it besides. */
export interface Observed {
  readonly loaded: readonly Loaded[];
  readonly steps: RunRecord['steps'];
  readonly measurements: RunRecord['measurements'];
  readonly notExamined: RunRecord['notExamined'];
}

/** Looks at a live system. A string says what has to be configured before it can. */
export type Observer = () => Promise<Observed | string>;

/** Rejects for anything but a fault, so that a bug is not taken for a broken input. */
export async function settle(
  kind: TargetKind,
  source: string,
  load: Promise<Target>,
): Promise<Loaded> {
  try {
    return { kind, source, target: await load };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind, source, fault: error };
  }
}
