import * as Flags from '@oclif/core/flags';
import { serverRulesModes } from '../validators/manifest/load.ts';

/** For every command that validates manifests. */
export const serverRulesFlag = {
  'server-rules': Flags.option({ options: serverRulesModes })({
    description:
      "run the API server's own rules; auto runs them if this copy of deploycheck has them",
    default: 'auto',
  }),
};
