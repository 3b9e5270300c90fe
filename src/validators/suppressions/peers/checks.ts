import type { Checks, Counterpart } from './counterparts.ts';
import { dockle } from './dockle-checks.ts';
import { kubeLinter } from './kube-linter-checks.ts';
import { kubeScore } from './kube-score-checks.ts';
import { polaris } from './polaris-checks.ts';

/** What each check of another tool stands for here. A rule is added to the line of its counterpart. */
export const peerChecks = {
  dockle,
  'kube-linter': kubeLinter,
  'kube-score': kubeScore,
  polaris,
} as const satisfies Record<string, Checks>;

/** The tools that check manifests. */
export type ManifestPeer = keyof typeof peerChecks;

/** Undefined for a check that the tool does not have built in. */
export function counterpartsOf(
  peer: ManifestPeer,
  check: string,
): readonly Counterpart[] | undefined {
  const checks: Checks = peerChecks[peer];
  return Object.hasOwn(checks, check) ? checks[check] : undefined;
}

/** Every rule that one of the tool's checks stands for, where that tool leaves out all of them. */
export function allCounterparts(peer: ManifestPeer): readonly Counterpart[] {
  const all = Object.values<readonly Counterpart[]>(peerChecks[peer]).flat();
  return [...new Set(all.filter(({ named }) => !named))];
}
