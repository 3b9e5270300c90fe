import { Fault } from '../../core/fault.ts';
import { containerName } from './pod.ts';
import type { PodYard } from './yard.ts';

/** A path that no image has. */
const nothing = '/deploycheck-no-such-program';
const commandMs = 5000;

/**
 * Whether the container of a pod runs this moment. What the API says of it is more than a second old: the kubelet looks
 * once a second at its containers (pkg/kubelet/pleg, relist period). Asked to run a command, it asks the container
 * runtime itself: of a container that has ended nothing is found, of one that runs it is the command.
 */
export async function runsNow(name: string, { sandbox, signal }: PodYard): Promise<boolean> {
  const pod = { name, namespace: sandbox.seen.name };
  const asked = { container: containerName, command: [nothing], timeoutMs: commandMs };
  try {
    const answer = await sandbox.kube.exec(pod, asked, signal);
    // Some runtimes have an exit code for what is not there.
    return answer.outcome === 'ok';
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Fault) return error.message.includes(nothing);
    throw error;
  }
}
