import { openReading } from '../../test/flows/manifests/tries/reading.ts';
import type { Scenario } from './scenario.ts';

/** What reading manifests claims; a test tries each a few times, in test/flows/manifests/tries.test.ts. */
export const manifestScenarios: readonly Scenario[] = [
  {
    name: 'manifest-reading',
    claim:
      'a thousand altered texts are each objects and problems at places of the text, or a known fault; the quick reading is that of the parser which has the last word, or none',
    count: 200,
    open: openReading,
  },
];
