import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Fault, systemCode } from '../../core/fault.ts';
import { workerModule } from '../../core/package-root.ts';
import { damagedLayer, type Layer } from './layer.ts';
import type { LayerJob } from './layer-worker.ts';

/**
 * Layers read in this process, by digest and diff id, for images that share their lower layers. The
 * caller owns it: an entry stays as long as the map.
 */
export type LayerCache = Map<string, Promise<Layer>>;

export interface PoolOptions {
  readonly signal: AbortSignal;
  readonly cache?: LayerCache;
}

/**
 * Examines layers in worker threads, each at one layer at a time, and gives the results in the order
 * of the jobs. The limits count for all of them together. No thread outlives the call.
 * @throws Fault `input-too-large` when a layer's list of files outgrows a thread's memory; the
 * signal's reason.
 */
export async function examineLayers(
  jobs: readonly LayerJob[],
  { signal, cache = new Map() }: PoolOptions,
): Promise<Layer[]> {
  signal.throwIfAborted();
  const used = { bytes: 0, entries: 0 };
  const waiting: (() => Promise<void>)[] = [];
  const workers: Worker[] = [];

  const results = jobs.map((job) => {
    const key = `${job.claim.digest} ${job.claim.diffId}`;
    const known = cache.get(key);
    if (known) return known;
    const result = Promise.withResolvers<Layer>();
    cache.set(key, result.promise);
    // A failed reading is not the layer's fault, and the next caller may be luckier.
    result.promise.catch(() => cache.delete(key));
    waiting.push(async () => {
      if (signal.aborted) return result.reject(signal.reason);
      const worker = workers.pop() ?? new Worker(workerModule('layer-worker', import.meta.url));
      try {
        const layer = await examineIn(worker, withinRest(job, used), signal);
        used.bytes += layer.unpackedSize;
        used.entries += layer.entries.length;
        result.resolve(layer);
        workers.push(worker);
      } catch (error) {
        await worker.terminate();
        result.reject(error);
      }
    });
    return result.promise;
  });

  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  };
  const lanes = Array.from({ length: Math.min(availableParallelism(), waiting.length) }, lane);
  await Promise.all(lanes);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return Promise.all(results);
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

function withinRest(job: LayerJob, used: { bytes: number; entries: number }): LayerJob {
  const { limits } = job;
  return {
    ...job,
    limits: {
      ...limits,
      unpackedBytes: limits.unpackedBytes - used.bytes,
      entries: limits.entries - used.entries,
    },
  };
}
