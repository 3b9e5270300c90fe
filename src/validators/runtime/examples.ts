import type { Example } from '../../core/check.ts';
import type { StartedContainer } from './observation.ts';
import { startedContainer } from './testing.ts';

/** The observation that an example of the language `observation` stands for. */
export async function targetOfExample(example: Example): Promise<StartedContainer> {
  return startedContainer(JSON.parse(example.text));
}
