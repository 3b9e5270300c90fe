import type { ExitCode } from '../core/exit.ts';
import { Fault } from '../core/fault.ts';
import { createLedger, orphans } from '../core/leftovers.ts';
import { type Found, removeNamespace, sandboxesIn } from '../simulate/clean.ts';
import { blockedText, namedBy, namespaceLeftover } from '../simulate/leftover.ts';
import { defaultDeadlines } from '../simulate/request.ts';
import type { CommandContext } from './base.ts';

interface Flags {
  readonly all: boolean;
  readonly run?: string | undefined;
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
}

/** Removes the sandboxes chosen, one after the other, and says what became of each. */
export async function cleanSandboxes(
  { adapters, home, scope, signal }: CommandContext,
  flags: Flags,
): Promise<ExitCode> {
  const { clock } = adapters;
  const kube = await adapters.kube(
    {
      ...(flags.kubeconfig !== undefined && { kubeconfig: flags.kubeconfig }),
      ...(flags.context !== undefined && { context: flags.context }),
    },
    signal,
  );
  await scope.defer('connections to the cluster', () => kube.close());
  process.stderr.write(`target: ${kube.target.server} (context ${kube.target.context})\n`);
  const ledger = `${home.folder}/leftovers`;
  const orphaned = (await orphans(ledger)).filter(({ kind }) => kind === namespaceLeftover);
  const found = await sandboxesIn(kube, signal);
  const isNamed = ({ name, run }: Found) => flags.run === name || flags.run === run;
  if (flags.run !== undefined && !found.some(isNamed)) {
    throw new Fault('usage-invalid', `there is no simulation '${flags.run}' in this cluster`);
  }
  const chosen = found.filter((sandbox) => {
    if (flags.all) return true;
    if (flags.run !== undefined) return isNamed(sandbox);
    const expired = sandbox.expires !== undefined && sandbox.expires < clock.now();
    return expired || orphaned.some(({ ref }) => namedBy(ref, kube.target.server, sandbox));
  });
  let blocked = 0;
  for (const sandbox of chosen) {
    const options = { deadlineMs: defaultDeadlines.cleanUpMs, clock };
    const removal = await removeNamespace(kube, sandbox, options, signal);
    if (removal.state === 'blocked') blocked += 1;
    else {
      const settled = orphaned.find(({ ref }) => namedBy(ref, kube.target.server, sandbox));
      if (settled) await createLedger(ledger).settle(settled.id);
    }
    process.stdout.write(
      removal.state === 'blocked'
        ? `not removed: ${blockedText(sandbox.name, removal)}\n`
        : `removed: ${sandbox.name}\n`,
    );
  }
  if (chosen.length === 0) process.stdout.write('nothing to remove\n');
  return blocked > 0 ? 5 : 0;
}
