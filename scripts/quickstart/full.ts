import { setup } from '../../test/global-systems.ts';
import { systems } from '../../test/systems/bed.ts';
import { install } from '../testbed/install.ts';
import type { PartName } from '../testbed/part.ts';
import { placeInCluster } from './in-cluster.ts';
import type { Place } from './place.ts';

const needed: readonly PartName[] = ['kubernetes', 'registry', 'postgres', 'minio', 'toxiproxy'];

/**
 * The test bed, or what the environment names in the place of its parts. Everything ends with the
 * stack, or with this process.
 * @throws Problem
 */
export async function fullSystems(
  stack: AsyncDisposableStack,
  say: (line: string) => void,
): Promise<Place> {
  await install(needed, say);
  stack.defer(await setup());
  const bed = await systems(...needed);
  if (!bed) throw new Error('the test bed did not start');
  return placeInCluster(bed, stack, say);
}
