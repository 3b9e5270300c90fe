import * as Flags from '@oclif/core/flags';
import type { Config } from '../config/load.ts';
import {
  podSecurityOf,
  type ServerRulesMode,
  type ServerRulesOptions,
  serverRulesModes,
} from '../validators/manifest/server-rules/options.ts';

/** For every command that validates manifests. */
export const serverRulesFlags = {
  'server-rules': Flags.option({ options: serverRulesModes })({
    description:
      "run the API server's own rules; auto runs them if this copy of deploycheck has them",
    default: 'auto',
  }),
  'pod-security': Flags.string({
    description:
      'hold every namespace to a level of the Pod Security Standards, instead of what its labels say',
    helpValue: 'restricted@v1.34',
  }),
};

/**
 * How the rules of the API server are asked, by flags and configuration.
 * @throws Fault `usage-invalid`
 */
export function serverRulesOf(
  flags: {
    readonly 'server-rules': ServerRulesMode;
    readonly 'pod-security'?: string | undefined;
  },
  { manifests }: Pick<Config, 'manifests'>,
): ServerRulesOptions {
  const level = flags['pod-security'] ?? manifests?.podSecurity;
  return {
    mode: flags['server-rules'],
    ...(level !== undefined && { podSecurity: podSecurityOf(level) }),
    ...(manifests?.cluster && { cluster: manifests.cluster }),
  };
}
