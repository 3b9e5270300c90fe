import type { ImageSystems } from '../validators/image/load.ts';
import type { Adapters } from './adapters.ts';

/** @param insecure registries that may be spoken to without TLS */
export function imageSystems(adapters: Adapters, insecure: readonly string[] = []): ImageSystems {
  return {
    engine: () => adapters.engine(),
    registry: () => adapters.registry({ insecure }),
  };
}
