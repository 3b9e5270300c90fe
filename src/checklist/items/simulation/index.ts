import type { Item, ItemContext, ItemResult } from '../../item.ts';
import { sumUp } from '../../summed.ts';
import { otherImage } from './same-image.ts';

/**
 * Deployed into a temporary namespace, healthy, nothing outside touched, nothing left; images that are to be run
 * besides bear what they are tried with.
 */
export const item: Item = {
  n: 10,
  id: 'simulation',
  title: 'Simulated deployment healthy',
  critical: true,
  looksAt: ['simulation'],
  run: judge,
};

async function judge(context: ItemContext): Promise<ItemResult> {
  const runs = await context.targets.load('imageRun');
  if (runs.length === 0) return sumUp(context, 'simulation', item.looksAt);
  const result = await sumUp(context, 'simulation', [...item.looksAt, 'imageRun']);
  if (result.status === 'fail' || result.status === 'error') return result;
  const other = await otherImage(context);
  return other === undefined ? result : { ...other, evidence: result.evidence };
}
