import type { Example } from '../../core/check.ts';
import type { ImageRun } from './image-run.ts';
import type { StartedContainer } from './observation.ts';
import { imageRun, startedContainer } from './testing.ts';

/** The observation that an example of the language `observation` stands for. */
export async function targetOfExample(
  { text }: Example,
  kind: string,
): Promise<StartedContainer | ImageRun> {
  const parts = JSON.parse(text);
  return kind === 'imageRun' ? imageRun(parts) : startedContainer(parts);
}
