import type { Bench, Proof } from '../../probe/bench.ts';
import type { RunSettings } from '../../probe/settings.ts';
import { tryOnce } from '../../probe/trial.ts';
import { pause, within } from '../until.ts';
import type { PodYard } from './yard.ts';

const label = 'pod-security.kubernetes.io/enforce';

/**
 * The level under which questions are asked: it lets in the user and the capabilities that an image has when nothing
 * is said, which is what has to be compared with.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export const askedLevel = { [label]: 'baseline' } as const;

const strictest = 'restricted';

/** Capabilities that the level lets be added, of those that containers usually have; NET_RAW is not among them. */
export const addable = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD'],
  ...['NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
] as const;

/** Milliseconds until every API server knows the label. */
const enforceMs = 10_000;

/** Starts what was found once more, in the namespace with the strictest level. The namespace keeps that level. */
export async function proveAtStrictest(
  settings: RunSettings,
  bench: Bench,
  yard: PodYard,
): Promise<Proof> {
  const { place, signal } = yard;
  const proof = (level: string, text: string): Proof => ({
    where: `${place} at the level ${level}`,
    grounds: [{ setting: 'Pod Security', text }],
  });
  const problem = await tightenLevel(yard);
  if (problem !== undefined) {
    return proof('baseline', `${strictest} was not tried: ${problem}`);
  }
  signal.throwIfAborted();
  bench.say(`with all of it, at the level ${strictest}`);
  const { works, why } = await tryOnce(strictest, settings, bench);
  if (works) return proof(strictest, `it started in a namespace that enforces ${strictest}`);
  const what = works === null ? 'does not let it in' : 'lets it in, and it did not start';
  return proof('baseline', `${strictest} ${what}: ${why}`);
}

/** @returns why the level does not hold */
async function tightenLevel(yard: PodYard): Promise<string | undefined> {
  const { kube, sandbox, signal } = yard;
  const { name, fieldManager } = sandbox.seen;
  const body = { metadata: { labels: { [label]: strictest } } };
  const ref = { apiVersion: 'v1', kind: 'Namespace', name };
  const written = await kube.patch(ref, { type: 'merge', body }, { fieldManager }, signal);
  if (written.outcome === 'refused') return written.status.message;
  const holds = await within(enforceMs, signal, async (inTime) => {
    while (await letsIn(yard, inTime)) await pause(200, inTime);
    return true;
  });
  return holds ? undefined : 'the cluster lets in what it forbids';
}

/** Whether a pod that says nothing about its security is let in. */
async function letsIn({ sandbox }: PodYard, signal: AbortSignal): Promise<boolean> {
  const { name: namespace, fieldManager } = sandbox.seen;
  const pod = {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'deploycheck-loose', namespace } },
    spec: { containers: [{ name: 'main', image: 'never-pulled' }] },
  };
  const answer = await sandbox.kube.create(pod, { fieldManager, dryRun: true }, signal);
  return answer.outcome === 'ok';
}
