import type { ManifestSet } from './load.ts';
import { type PodTemplate, podTemplates } from './workloads.ts';

/** Since this minor version the Pod Security Standards let such pods have a user of any number. */
const relaxedSince = 35;

/**
 * Tells the pods whose users are others on the node (`hostUsers: false`), so that root inside is nobody
 * outside; none when one of the versions that the set has to be valid for does not take that into account.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export async function usersAreOwn(set: ManifestSet): Promise<(template: PodTemplate) => boolean> {
  const isOwn = ({ spec }: PodTemplate): boolean => spec.hostUsers === false;
  if (!podTemplates(set).some(isOwn)) return () => false;
  const { minorRangeOf } = await import('./kube-targets.ts');
  const { oldest } = await minorRangeOf(set);
  return oldest >= relaxedSince ? isOwn : () => false;
}
