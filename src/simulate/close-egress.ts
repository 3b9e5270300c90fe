import type { Kube } from '../adapters/kube/kube.ts';
import { isShut, releaseCanary } from './canary.ts';
import { type EgressRule, egressPolicy } from './egress.ts';
import type { EgressSeen } from './observation.ts';

export interface EgressRequest {
  readonly allowed: readonly EgressRule[];
  /** Undefined when whether the policy holds is not to be tried. */
  readonly canaryImage?: string | undefined;
}

/** Makes the policy, and tries whether the cluster carries it out. */
export async function closeEgress(
  kube: Kube,
  sandbox: string,
  { allowed, canaryImage }: EgressRequest,
  fieldManager: string,
  signal: AbortSignal,
): Promise<EgressSeen> {
  const seen = { allowed: allowed.map(({ text }) => text) };
  const close = async (): Promise<string | undefined> => {
    const written = await kube.create(egressPolicy(sandbox, allowed), { fieldManager }, signal);
    return written.outcome === 'ok' ? undefined : written.status.message;
  };
  const unknown = (why: string): EgressSeen => ({ ...seen, enforced: 'unknown', why });
  const open = (why: string): EgressSeen => ({ ...seen, enforced: 'no', why });

  const canary =
    canaryImage === undefined
      ? 'no canary was sent; --canary-image names an image with sh and nc'
      : await releaseCanary(kube, sandbox, canaryImage, fieldManager, signal);
  if (typeof canary === 'string') {
    const refused = await close();
    return refused === undefined ? unknown(canary) : open(refused);
  }
  try {
    // What was closed before proves nothing about the policy.
    if (!(await canary.reaches(signal))) {
      await close();
      return unknown('the canary reached nothing even before the policy was made');
    }
    const refused = await close();
    if (refused !== undefined) return open(refused);
    return (await isShut(canary, signal))
      ? { ...seen, enforced: 'yes', why: 'a canary that got out before was kept in by it' }
      : open('the cluster does not carry out network policies: a canary got out all the same');
  } finally {
    await canary.remove(signal);
  }
}
