import type { Kube } from '../adapters/kube/kube.ts';
import type { Clock } from '../core/clock.ts';
import { objectOf, parseObject, textOf } from '../core/json.ts';
import { removeNamespace } from './clean.ts';
import type { Identity } from './identity.ts';
import type { Removal } from './observed-parts.ts';
import { defaultDeadlines } from './request.ts';

/** The kind of this house's entries in the ledger of leftovers. */
export const namespaceLeftover = 'kube-namespace';

/** What a leftover's ref holds, as JSON. */
interface NamespaceRef {
  readonly context: string;
  readonly server: string;
  readonly kubeconfig: string | null;
  readonly name: string;
  /** Value of the label that the namespace was made with; a uid is known only once it is made. */
  readonly run: string;
}

export function refText(kube: Kube, { namespace, run }: Identity, kubeconfig?: string): string {
  const { context, server } = kube.target;
  const ref: NamespaceRef = {
    context,
    server,
    kubeconfig: kubeconfig ?? null,
    name: namespace,
    run,
  };
  return JSON.stringify(ref);
}

function parseRef(text: string): NamespaceRef {
  const ref = objectOf(parseObject(text));
  const field = (name: keyof NamespaceRef) => textOf(ref?.[name]) ?? '';
  const name = field('name');
  const run = field('run');
  // The ledger is a file that others may write.
  if (!/^deploycheck-[0-9a-f]{8}$/.test(name) || !/^[0-9a-f]{32}$/.test(run)) {
    throw new Error('not a namespace that deploycheck makes');
  }
  const kubeconfig = textOf(ref?.kubeconfig) ?? null;
  return { context: field('context'), server: field('server'), kubeconfig, name, run };
}

export interface UndoAdapters {
  readonly clock: Clock;
  kube(
    options: { readonly context?: string; readonly kubeconfig?: string },
    signal: AbortSignal,
  ): Promise<Kube>;
}

/**
 * Removes the namespace of a simulation whose process died.
 * @throws Error when it is still there, with what holds it
 */
export async function undoNamespace(
  ref: string,
  adapters: UndoAdapters,
  signal: AbortSignal,
): Promise<void> {
  const { context, server, kubeconfig, name, run } = parseRef(ref);
  const file = kubeconfig === null ? {} : { kubeconfig };
  const kube = await adapters.kube({ context, ...file }, signal);
  try {
    if (kube.target.server !== server) {
      throw new Error(`context ${context} now names ${kube.target.server}, not ${server}`);
    }
    const deadlineMs = defaultDeadlines.cleanUpMs;
    const options = { deadlineMs, clock: adapters.clock };
    const removal = await removeNamespace(kube, { name, run }, options, signal);
    if (removal.state === 'blocked') throw new Error(blockedText(name, removal));
  } finally {
    kube.close();
  }
}

/** One line that names what holds a namespace. */
export function blockedText(name: string, { blockers }: Removal): string {
  const held = blockers
    .map(({ object, finalizers, owner }) => {
      const by = owner === null ? '' : ` (${owner})`;
      return finalizers.length > 0
        ? `${object} has ${finalizers.join(', ')}${by}`
        : `${object}${by}`;
    })
    .join('; ');
  return `the namespace ${name} does not go: ${held || 'nothing says why'}`;
}

/** Whether a leftover's ref names this namespace of this cluster. */
export function namedBy(
  ref: string,
  server: string,
  { name, run }: { readonly name: string; readonly run: string },
): boolean {
  const known = objectOf(parseObject(ref));
  return known?.server === server && known.name === name && known.run === run;
}
