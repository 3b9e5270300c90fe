import { openKube } from '../../../src/adapters/kube/client.ts';
import type { Kube } from '../../../src/adapters/kube/kube.ts';
import type { Variables } from '../../systems/bed.ts';

export const never = new AbortController().signal;

/** The administrator, straight at the API server. */
export const openAdmin = (bed: Variables | undefined, namespace?: string): Promise<Kube> =>
  openKube(
    { kubeconfig: bed?.('KUBECONFIG') ?? '', ...(namespace === undefined ? {} : { namespace }) },
    never,
  );
