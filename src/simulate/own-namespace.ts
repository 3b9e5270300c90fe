import type { Kube } from '../adapters/kube/kube.ts';
import type { Clock } from '../core/clock.ts';
import type { Scope } from '../core/scope.ts';
import { removeNamespace } from './clean.ts';
import type { Identity } from './identity.ts';
import { blockedText, namespaceLeftover, refText } from './leftover.ts';
import type { Removal } from './observed-parts.ts';

export interface Ownership {
  readonly scope: Scope;
  readonly clock: Clock;
  /** Told what holds it, when it does not go. */
  readonly say: (text: string) => void;
}

/** Milliseconds on top of the deadline, for naming what holds a namespace. */
const tellingMs = 30_000;

/**
 * Registers the end of the namespace before there is one.
 * @returns removes it; what it did then is not done again
 */
export async function ownNamespace(
  user: Kube,
  identity: Identity,
  {
    cleanUpMs,
    kubeconfig,
  }: { readonly cleanUpMs: number; readonly kubeconfig?: string | undefined },
  { scope, clock, say }: Ownership,
): Promise<(signal: AbortSignal) => Promise<Removal>> {
  const { namespace: name, run } = identity;
  let done: Removal | undefined;
  const remove = async (signal: AbortSignal): Promise<Removal> => {
    const options = { deadlineMs: cleanUpMs, clock };
    done ??= await removeNamespace(user, { name, run }, options, signal);
    return done;
  };
  const undo = async (signal: AbortSignal): Promise<void> => {
    // What holds it is in the record already, and stands in the way of every other try.
    if (done) return;
    const removal = await remove(signal);
    if (removal.state !== 'blocked') return;
    say(blockedText(name, removal));
    throw new Error(blockedText(name, removal));
  };
  await scope.defer(`temporary namespace ${name}`, undo, {
    deadlineMs: cleanUpMs + tellingMs,
    leftover: { kind: namespaceLeftover, ref: refText(user, identity, kubeconfig) },
  });
  return remove;
}
