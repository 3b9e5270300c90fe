import type { Kube } from '../../adapters/kube/kube.ts';
import type { Registry } from '../../adapters/registry/registry.ts';
import type { ProbeContext, ProbeRequest } from '../../probe/request.ts';
import type { EgressRequest } from '../close-egress.ts';
import type { MadeSandbox } from '../sandbox.ts';
import type { LiveWorld } from '../world.ts';
import type { PulledImage } from './image.ts';

export interface PodContext extends ProbeContext {
  /** The API as the person. */
  readonly kube: Kube;
  readonly registry: Registry;
  /** Where pods may reach, and an image with sh and cat for containers that have none. */
  readonly egress: EgressRequest;
  /** The kubeconfig that was named, for a later clean-up. */
  readonly kubeconfig?: string | undefined;
  readonly toolVersion: string;
}

/** A temporary namespace, and what is run in it. */
export interface PodYard extends PodContext {
  readonly request: ProbeRequest;
  readonly image: PulledImage;
  /** The namespace, as people call it. */
  readonly place: string;
  readonly sandbox: MadeSandbox;
  readonly world: LiveWorld;
  nextName(): string;
}
