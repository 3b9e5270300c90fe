import type { Clock } from '../core/clock.ts';
import type { CheckRun } from '../core/engine.ts';
import type { Evidence, EvidenceSink } from '../core/evidence.ts';
import type { ItemId, ItemStatus, PendingOn } from '../core/item.ts';
import type { Target, TargetKind } from '../core/target.ts';
import type { ReleaseTargets } from './targets/release.ts';

export interface ItemResult {
  readonly status: ItemStatus;
  readonly pendingOn: PendingOn | null;
  /** One line for a person. */
  readonly reason: string;
  readonly evidence: readonly Evidence[];
}

export interface ItemContext {
  readonly targets: ReleaseTargets;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly evidence: EvidenceSink;
  /** Runs the rules that belong to an item on targets, with waivers applied to what they find. */
  check(item: ItemId, targets: readonly Target[]): Promise<CheckRun>;
  /** Whether a rule blocks the item it belongs to. */
  isCritical(check: string): boolean;
}

/** One of the twelve items: a folder below `items/`. */
export interface Item {
  readonly n: number;
  readonly id: ItemId;
  readonly title: string;
  readonly critical: boolean;
  /** The kinds of target its rules look at; empty while no rule of this version serves it. */
  readonly looksAt: readonly TargetKind[];
  run(context: ItemContext): Promise<ItemResult>;
}

export function pending(on: PendingOn, reason: string): ItemResult {
  return { status: 'pending', pendingOn: on, reason, evidence: [] };
}
