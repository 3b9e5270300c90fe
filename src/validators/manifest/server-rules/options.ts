import { podSecurityExpected, podSecurityPattern } from '../../../config/patterns.ts';
import { Fault } from '../../../core/fault.ts';
import type { ClusterSettings } from './answers.ts';

export const serverRulesModes = ['auto', 'on', 'off'] as const;
export type ServerRulesMode = (typeof serverRulesModes)[number];

/** How the rules of the API server are asked. */
export interface ServerRulesOptions {
  /** Whether they are run; `auto` when undefined: if they are at hand and fit the target. */
  readonly mode?: ServerRulesMode | undefined;
  /** What every namespace is held to, whatever its labels say. */
  readonly podSecurity?: PodSecurity | undefined;
  /** What the server is started with; what is left out is not judged. */
  readonly cluster?: ClusterSettings | undefined;
}

/** A level of the Pod Security Standards. */
export interface PodSecurity {
  readonly security: 'privileged' | 'baseline' | 'restricted';
  /** `v1.34` or `latest`; the newest that the module knows when undefined. */
  readonly securityVersion?: string;
}

/**
 * @param text such as `restricted@v1.34`; the labels of namespaces have the same words
 * @throws Fault `usage-invalid`
 */
export function podSecurityOf(text: string): PodSecurity {
  const [, security, securityVersion] = podSecurityPattern.exec(text) ?? [];
  switch (security) {
    case 'privileged':
    case 'baseline':
    case 'restricted':
      return { security, ...(securityVersion !== undefined && { securityVersion }) };
  }
  throw new Fault(
    'usage-invalid',
    `'${text}' is no level of Pod Security: expected ${podSecurityExpected}`,
  );
}
