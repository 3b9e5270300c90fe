import { Fault } from '../../core/fault.ts';
import type { ImageConfig } from '../image/config.ts';
import type { Built } from './dockerfile.ts';

/** An image that is read, as a Dockerfile is compared with it; one that cannot be read says why. */
export async function builtImage(
  reference: string,
  reading: Promise<{ readonly config: ImageConfig | null }>,
): Promise<Built> {
  try {
    const { config } = await reading;
    return config ? { reference, config } : { reference, why: 'it has no configuration' };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { reference, why: error.message };
  }
}
