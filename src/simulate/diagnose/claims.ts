import type { KubeObject } from '../../adapters/kube/kube.ts';
import { stringAt } from '../../validators/manifest/read.ts';
import type { View } from '../world.ts';
import { grace, type Signal, signal } from './signal.ts';

/** Why a claim has no volume; a class is nothing that comes by itself. */
export function claimSignals(claim: KubeObject, view: View): Signal[] {
  if (stringAt(claim, 'status', 'phase') === 'Bound') return [];
  const said = view
    .eventsAbout(claim)
    .find(({ reason }) => reason === 'ProvisioningFailed' || reason === 'FailedBinding');
  if (!said) return [];
  const classless = /storageclass\S* "[^"]*" not found|no storage class is set/.test(said.message);
  return [signal('volume', classless ? grace.short : grace.tolerated, said.message)];
}
