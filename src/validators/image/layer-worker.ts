import { parentPort } from 'node:worker_threads';
import { examineLayer, type Layer, type LayerClaim, type LayerLimits } from './layer.ts';
import { type BlobRange, streamRange } from './source.ts';

/** What the pool sends: one layer to examine. */
export interface LayerJob {
  readonly claim: LayerClaim;
  readonly range: BlobRange;
  readonly limits: LayerLimits;
}

/** What comes back; a bug in the pass ends the worker instead, which the pool sees as an error. */
export type LayerAnswer = Layer;

parentPort?.on('message', async ({ claim, range, limits }: LayerJob) => {
  const blob = { size: range.size, open: () => streamRange(range) };
  const answer: LayerAnswer = await examineLayer(claim, blob, { limits });
  parentPort?.postMessage(answer);
});
