import { randomBytes } from 'node:crypto';
import type { Isolation } from '../adapters/docker/container.ts';
import type { EngineImage } from '../adapters/docker/docker.ts';
import { engineLeftover, leftoverRef, removeOwned } from './leftover.ts';
import type { ProbeContext, ProbeRequest } from './request.ts';

/** Where one image is tried: every container made here has one owner, by which it is found and removed. */
export interface Bench extends ProbeContext {
  readonly request: ProbeRequest;
  readonly image: EngineImage;
  readonly isolation: Isolation;
  readonly owner: string;
  nextName(): string;
}

/** Milliseconds that removing everything may take. */
const removeMs = 120_000;

/** Nothing is made yet; what will be made is known to the ledger before. */
export async function createBench(
  request: ProbeRequest,
  image: EngineImage,
  context: ProbeContext,
): Promise<Bench> {
  const { engine, scope, signal } = context;
  const isolation = await engine.isolation(signal);
  const owner = `probe-${randomBytes(16).toString('hex')}`;
  const ref = leftoverRef(engine.host, owner);
  await scope.defer(
    `containers of ${request.label}`,
    (fresh) => removeOwned(engine, owner, fresh),
    { deadlineMs: removeMs, leftover: { kind: engineLeftover, ref } },
  );
  let made = 0;
  const nextName = () => `deploycheck-${owner}-${++made}`;
  return { ...context, request, image, isolation, owner, nextName };
}
