import type { Target } from '../../../core/target.ts';
import { isImage } from '../../../validators/image/image.ts';
import type { ImageRun } from '../../../validators/runtime/image-run.ts';
import { type ItemContext, type ItemResult, pending } from '../../item.ts';

const isRun = (target: Target | undefined): target is ImageRun => target?.kind === 'imageRun';

/**
 * Engine and nodes may know another image by the same name, so what it ran has to have the layers that were examined.
 * @returns what keeps the item from passing; undefined when every image that ran is the one that was examined
 */
export async function otherImage(context: ItemContext): Promise<ItemResult | undefined> {
  const images = await context.targets.load('image');
  for (const { source, target } of await context.targets.load('imageRun')) {
    if (!isRun(target)) continue;
    const examined = images.find((image) => image.source === source)?.target;
    if (!isImage(examined) || examined.config === null) {
      return pending(
        'evidence',
        `${source} was not examined, so nobody knows whether it is what ran`,
      );
    }
    if (target.diffIds.length === 0) {
      return pending(
        'evidence',
        `the configuration of ${target.label} could not be read from here, so nobody knows whether it is ${source} that ran`,
      );
    }
    if (examined.config.diffIds.join(' ') === target.diffIds.join(' ')) continue;
    return pending(
      'evidence',
      `what ran as ${target.label} is another image than ${source}: their layers differ; load or push the one that is released`,
    );
  }
  return undefined;
}
