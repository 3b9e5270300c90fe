import type { Manifest, Registry } from '../../adapters/registry/registry.ts';
import { Fault } from '../../core/fault.ts';
import { parseObject } from '../../core/json.ts';
import { hostPlatform } from '../../core/platform.ts';
import { formatReference, type ImageReference, parseReference } from '../../core/reference.ts';
import type { ImageOnBench } from '../../probe/bench.ts';
import { configOf, type HealthCheck, type ImageConfig } from '../../validators/image/config.ts';
import type { Looked } from '../../validators/runtime/observation.ts';

/** An image as nodes pull it. */
export interface PulledImage extends ImageOnBench {
  /** By its digest where that is known, so that every pod runs the same. */
  readonly reference: string;
  /** Null when it has none, or takes one back. */
  readonly healthCheck: HealthCheck | null;
}

/**
 * What the registry says about an image, asked from here. The nodes may know a registry that this machine does not,
 * so that it does not answer only leaves open what its configuration would have told.
 * @throws Fault `reference-invalid`; the signal's reason
 */
export async function lookUpImage(
  text: string,
  registry: Registry,
  signal: AbortSignal,
): Promise<PulledImage> {
  const reference = parseReference(text);
  const top = await asked(() => registry.manifest(reference, signal), signal);
  if ('why' in top) return unknown(text, top.why);
  // What is made for several platforms is pulled by its index, and each node takes its own.
  const pinned = formatReference({ ...reference, digest: top.seen.digest });
  const config = await configIn(reference, top.seen, registry, signal);
  if ('why' in config) return unknown(pinned, config.why);
  const { healthcheck, volumes, diffIds } = config.seen;
  const isNone = !healthcheck || ['NONE', undefined].includes(healthcheck.test[0]);
  return {
    ...{ id: top.seen.digest, diffIds, reference: pinned },
    healthCheck: isNone ? null : healthcheck,
    config: { seen: { hasHealthCheck: !isNone, volumes } },
  };
}

function unknown(reference: string, said: string): PulledImage {
  const why = `its configuration could not be read from here: ${said}`;
  return { id: reference, diffIds: [], reference, healthCheck: null, config: { why } };
}

async function configIn(
  reference: ImageReference,
  top: Manifest,
  registry: Registry,
  signal: AbortSignal,
): Promise<Looked<ImageConfig>> {
  const chosen = top.isIndex ? registry.platform(top, hostPlatform()) : top;
  if (!chosen) return { why: 'it has no image for the platform of this machine' };
  const { digest } = chosen;
  const manifest = top.isIndex
    ? await asked(() => registry.manifest({ ...reference, digest }, signal), signal)
    : { seen: top };
  if ('why' in manifest) return manifest;
  const bytes = await asked(() => registry.config(reference, manifest.seen, signal), signal);
  if ('why' in bytes) return bytes;
  const config = configOf(parseObject(Buffer.from(bytes.seen).toString()) ?? {});
  return config ? { seen: config } : { why: 'it is not what images have' };
}

async function asked<T>(
  ask: () => Promise<T | undefined>,
  signal: AbortSignal,
): Promise<Looked<T>> {
  try {
    const answer = await ask();
    return answer === undefined ? { why: 'the registry does not have it' } : { seen: answer };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Fault) return { why: error.message };
    throw error;
  }
}
