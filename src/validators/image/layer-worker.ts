import { parentPort } from 'node:worker_threads';
import { type BlobRange, piecesOf } from './blobs.ts';
import { examineLayer } from './examine-layer.ts';
import type { Layer, LayerClaim, LayerLimits } from './layer.ts';

/** What the pool sends: one layer to examine. */
export interface LayerJob {
  readonly claim: LayerClaim;
  readonly range: BlobRange;
  readonly limits: LayerLimits;
  /** Whether secrets are searched for. */
  readonly scan: boolean;
  /** Further files whose text is to be kept. */
  readonly keep?: readonly string[] | undefined;
}

/** What comes back; a bug in the pass ends the worker instead, which the pool sees as an error. */
export type LayerAnswer = Layer;

parentPort?.on('message', async ({ claim, range, ...options }: LayerJob) => {
  const blob = { size: range.size, open: () => piecesOf(range) };
  const answer: LayerAnswer = await examineLayer(claim, blob, options);
  parentPort?.postMessage(answer);
});
