import { buildKit } from './buildkit-checks.ts';
import { hadolint } from './hadolint-checks.ts';

/** A rule that asks what a check of another tool asks, or those of its messages that do. */
export interface DockerfileRule {
  readonly rule: string;
  /** All of them when undefined. */
  readonly messages?: readonly string[];
}

/** Rules, or why there is none. */
export type DockerfileChecks = Readonly<Record<string, readonly DockerfileRule[] | string>>;

/** What each check of another tool on Dockerfiles stands for here. */
export const dockerfileChecks = {
  hadolint,
  buildkit: buildKit,
} as const satisfies Readonly<Record<string, DockerfileChecks>>;

export type DockerfilePeer = keyof typeof dockerfileChecks;

/** Undefined for a check that the tool does not have; ShellCheck's numbers are hadolint's, too. */
export function rulesOfCheck(
  peer: DockerfilePeer,
  check: string,
): readonly DockerfileRule[] | undefined {
  const checks: DockerfileChecks = dockerfileChecks[peer];
  const found = Object.hasOwn(checks, check) ? checks[check] : undefined;
  if (found === undefined) return peer === 'hadolint' && /^SC\d{4}$/.test(check) ? [] : undefined;
  return typeof found === 'string' ? [] : found;
}
