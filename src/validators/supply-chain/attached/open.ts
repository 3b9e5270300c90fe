import { parseReference } from '../../../core/reference.ts';
import { type AttestationOptions, layoutOf } from '../../image/attestations.ts';
import type { Image } from '../../image/image.ts';
import { inLayout } from './in-layout.ts';
import { inRegistry } from './in-registry.ts';
import { isOfRegistry, type Place, registryScheme } from './place.ts';

/** Where what is said of an image lies beside it; undefined for an engine, which keeps none of it. */
export async function placeBeside(
  { name, source }: Pick<Image, 'name' | 'source'>,
  options: AttestationOptions,
): Promise<Place | undefined> {
  if (isOfRegistry({ source })) {
    const registry = await options.systems.registry();
    const reference = parseReference(source.slice(registryScheme.length));
    return inRegistry(registry, reference, options.signal);
  }
  const files = await layoutOf(name, options);
  return files && inLayout(files);
}
