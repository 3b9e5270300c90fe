import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Fault, systemCode } from '../../core/fault.ts';
import { workerModule } from '../../core/package-root.ts';
import type { BlobRange } from './blobs.ts';
import type { LayerSource } from './described.ts';
import { damagedLayer, type Layer, type LayerLimits } from './layer.ts';
import type { LayerJob } from './layer-worker.ts';

/**
 * Layers read in this process, by digests and place (see {@link keyOf}), for images that share their lower
 * layers. The caller owns it: an entry stays as long as the map.
 */
export type LayerCache = Map<string, Promise<Layer>>;

export interface PoolOptions {
  readonly signal: AbortSignal;
  readonly limits: LayerLimits;
  /** Whether secrets are searched for. */
  readonly scan: boolean;
  /** Paths of further files whose text is to be kept. */
  readonly keep?: readonly string[] | undefined;
  readonly cache: LayerCache;
  /** Told of every layer that was read from its bytes. */
  readonly onRead?: ((layer: Layer, range: BlobRange) => Promise<void>) | undefined;
}

/** Layers that are brought to disk while others are read. */
const ahead = 2;

interface Reading {
  readonly source: LayerSource;
  readonly result: PromiseWithResolvers<Layer>;
  /** Begun when it is first asked for. */
  bytes(): Promise<BlobRange | undefined>;
}

/**
 * Examines layers in worker threads, each at one layer at a time, and gives the results in the order
 * of the sources. The limits count for all of them together. No thread outlives the call.
 * @throws Fault `input-too-large` when a layer's list of files outgrows a thread's memory; what a
 * source fails with; the signal's reason.
 */
export async function examineLayers(
  sources: readonly LayerSource[],
  { signal, limits, scan, keep = [], cache, onRead }: PoolOptions,
): Promise<Layer[]> {
  signal.throwIfAborted();
  const used = { bytes: 0, entries: 0 };
  const workers: Worker[] = [];
  const waiting: Reading[] = [];
  let failure: { readonly reason: unknown } | undefined;

  const results = sources.map((source) => {
    // What is kept of a layer is part of what is known of it.
    const key = [keyOf(source), ...keep].join(' ');
    const known = cache.get(key);
    if (known) return known;
    const reading = readingOf(source);
    cache.set(key, reading.result.promise);
    // A failed reading is not the layer's fault, and the next caller may be luckier.
    reading.result.promise.catch(() => cache.delete(key));
    waiting.push(reading);
    return reading.result.promise;
  });

  const read = async ({ source, bytes, result }: Reading): Promise<void> => {
    let worker: Worker | undefined;
    try {
      if (failure) throw failure.reason;
      signal.throwIfAborted();
      const range = await bytes();
      if (!range) return result.resolve(damagedLayer(source.claim, absence(source)));
      worker = workers.pop() ?? new Worker(workerModule('layer-worker', import.meta.url));
      const job = { claim: source.claim, range, limits: restOf(limits, used), scan, keep };
      const layer = await examineIn(worker, job, signal);
      used.bytes += layer.unpackedSize;
      used.entries += layer.entries.length;
      await onRead?.(layer, range);
      result.resolve(layer);
      workers.push(worker);
    } catch (reason) {
      failure ??= { reason };
      await worker?.terminate();
      result.reject(reason);
    } finally {
      await source.release?.();
    }
  };

  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if (!failure) for (const { bytes } of waiting.slice(0, ahead)) void bytes();
      await read(next);
    }
  };
  const lanes = Array.from({ length: Math.min(availableParallelism(), waiting.length) }, lane);
  await Promise.all(lanes);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return Promise.all(results);
}

export function keyOf({ claim, place = '' }: LayerSource): string {
  return `${claim.digest} ${claim.diffId} ${place}`;
}

function readingOf(source: LayerSource): Reading {
  let begun: ReturnType<LayerSource['open']> | undefined;
  const bytes = () => {
    begun ??= source.open();
    // Whoever waits for it learns of a failure, and the others must not end the process.
    begun.catch(() => undefined);
    return begun;
  };
  return { source, bytes, result: Promise.withResolvers<Layer>() };
}

function absence({ claim }: LayerSource) {
  return claim.isForeign
    ? ({ kind: 'foreign', message: 'it is not handed on with the image' } as const)
    : ({ kind: 'missing', message: 'it is not where the image is' } as const);
}

async function examineIn(worker: Worker, job: LayerJob, signal: AbortSignal): Promise<Layer> {
  if (job.limits.unpackedBytes <= 0 || job.limits.entries <= 0) {
    const message = 'the layers before it already reach the bounds for one image';
    return damagedLayer(job.claim, { kind: 'too-large', message });
  }
  worker.postMessage(job);
  try {
    // Rejects when the worker emits `error`, and when the signal aborts.
    const [layer]: Layer[] = await once(worker, 'message', { signal });
    if (!layer) throw new Error('the layer worker answered with nothing');
    return layer;
  } catch (error) {
    signal.throwIfAborted();
    if (systemCode(error) !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
    throw new Fault('input-too-large', `layer ${job.claim.digest} needs too much memory`, {
      cause: error,
    });
  }
}

function restOf(limits: LayerLimits, used: { bytes: number; entries: number }): LayerLimits {
  return {
    ...limits,
    unpackedBytes: limits.unpackedBytes - used.bytes,
    entries: limits.entries - used.entries,
  };
}
