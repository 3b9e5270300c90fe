import { openPlanting } from '../../test/secrets/tries/planting.ts';
import type { Scenario } from './scenario.ts';

/** What the search for secrets claims; a test tries it twice, in test/secrets/tries.test.ts. */
export const secrets: Scenario = {
  name: 'secrets',
  claim:
    'a secret of every shape but two that pass over words (generic-secret, vault-legacy-token), planted in text, JSON, YAML, binary files, UTF-16 or base64, is found under its name; no report shows twelve characters of one; files of digests, templates and samples hold none',
  count: 200,
  open: openPlanting,
};
