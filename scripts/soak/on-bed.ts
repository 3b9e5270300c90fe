import { setup } from '../../test/global-systems.ts';
import { systems, type Variables } from '../../test/systems/bed.ts';
import type { PartName } from '../testbed/part.ts';
import type { OpenScenario } from './scenario.ts';

/** Opens a scenario on parts of a test bed, which end with it. */
export async function onBed(
  parts: readonly PartName[],
  open: (bed: Variables) => Promise<OpenScenario>,
): Promise<OpenScenario> {
  await using stack = new AsyncDisposableStack();
  stack.defer(await setup());
  const bed = await systems(...parts);
  if (!bed) throw new Error('the test bed did not start');
  const scenario = stack.use(await open(bed));
  const disposables = stack.move();
  return {
    once: (random, number) => scenario.once(random, number),
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}
