import type { Isolation } from '../../adapters/docker/container.ts';
import type { Engine, EngineImage } from '../../adapters/docker/docker.ts';
import type { ProbeContext, ProbeRequest } from '../request.ts';

export interface EngineContext extends ProbeContext {
  readonly engine: Engine;
}

/** An engine, and what is run on it: every container has one owner, by which it is found and removed. */
export interface Yard extends EngineContext {
  readonly request: ProbeRequest;
  readonly image: EngineImage;
  readonly isolation: Isolation;
  readonly owner: string;
  nextName(): string;
}
