import type { Bed } from './bed.ts';
import type { Part, PartEnvironment } from './part.ts';
import { readState } from './state.ts';

/**
 * The variables of a system that the environment names and the bed did not make; undefined when the
 * bed is to make one. What `testbed env` printed for this bed is the bed's own.
 */
export async function foreignEnvironment(
  bed: Bed,
  part: Part,
): Promise<PartEnvironment | undefined> {
  const named = process.env[part.variable];
  if (!named) return undefined;
  const own = (await readState(bed, part.name))?.environment?.[part.variable];
  return named === own ? undefined : { [part.variable]: named };
}
