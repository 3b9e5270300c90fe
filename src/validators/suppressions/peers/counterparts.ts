import type { Finding } from '../../../core/finding.ts';

/** A rule that asks what a check of another tool asks, or the part of its findings that does. */
export interface Counterpart {
  readonly rule: string;
  /** What the path of a finding has to fit. */
  readonly at?: RegExp;
  /** What its message has to fit. */
  readonly says?: RegExp;
  /** The check is one to opt in there, so that who leaves out all checks hardly meant this one. */
  readonly named?: true;
  /** Who asks for the check does not ask for the rule, which asks more, or something else without options. */
  readonly aside?: true;
}

export type Checks = Readonly<Record<string, readonly Counterpart[]>>;

export const only = (rule: string, at: RegExp): Counterpart => ({ rule, at });
export const saying = (rule: string, says: RegExp): Counterpart => ({ rule, says });
export const aside = (rule: string, says: RegExp): Counterpart => ({ rule, says, aside: true });
export const whole = (...rules: readonly string[]): readonly Counterpart[] =>
  rules.map((rule) => ({ rule }));

/** A check that no rule is the counterpart of. */
export const none: readonly Counterpart[] = [];

export function fitsCounterpart({ at, says }: Counterpart, finding: Finding): boolean {
  return (
    (at === undefined || at.test(finding.location.path ?? '')) &&
    (says === undefined || says.test(finding.message))
  );
}

/*
 * What checks of several tools ask. A check covers the findings that whoever accepts what it says has accepted:
 * one that wants NET_RAW dropped does not cover that a container keeps the other capabilities.
 */

export const hostIpc = [only('manifest/host-namespaces', /\.hostIPC$/)];
export const hostNetwork = [only('manifest/host-namespaces', /\.hostNetwork$/)];
export const hostPid = [only('manifest/host-namespaces', /\.hostPID$/)];
export const procMount = whole('manifest/proc-mount', 'manifest/proc-mount-restricted');
export const tag = [saying('manifest/image-tag', /has no tag|has the tag latest/)];
export const notPulled = whole('manifest/image-pull-always', 'manifest/image-pull-policy');
export const selector = whole('manifest/selector-match');

export const noCpu = [saying('manifest/resource-requests', /requests no cpu$/)];
export const noMemory = [saying('manifest/resource-requests', /requests no memory$/)];
export const noCpuLimit = [saying('manifest/cpu-limit', / has no CPU limit$/)];

const token = /\.automountServiceAccountToken$/;
export const defaultToken = [only('manifest/default-account', token)];
export const automount = [...whole('manifest/token-automount'), ...defaultToken];

export const strategyType = [only('manifest/rollout-strategy', /[sS]trategy\.type$/)];
export const replicas = [saying('manifest/replica-count', / runs \d+ of at least /)];
export const scalerReplicas = [saying('manifest/replica-count', / may leave /)];
export const scaleTarget = [only('manifest/autoscaler-target', /^spec\.scaleTargetRef\b/)];
export const unspread = [
  saying('manifest/topology-spread', /nothing keeps them on different nodes$/),
];
export const policyPods = [saying('manifest/network-policy-pods', / is for pods with /)];
