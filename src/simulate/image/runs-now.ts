import type { KubeObject } from '../../adapters/kube/kube.ts';
import { Fault } from '../../core/fault.ts';
import { listAt, partAt } from '../../validators/manifest/read.ts';
import { containerName } from './pod.ts';
import type { PodYard } from './yard.ts';

/** A path that no image has. */
const nothing = '/deploycheck-no-such-program';
const commandMs = 5000;

/**
 * Whether the container of a pod runs this moment. What the API says of it is more than a second old: the kubelet looks
 * once a second at its containers (pkg/kubelet/pleg, relist period). Asked to run a command, it asks the container
 * runtime itself: of a container that has ended nothing is found, of one that runs it is the command. False also when
 * nobody can tell, or the memory of the container is limited, of which a command takes some megabytes.
 */
export async function runsNow(
  pod: KubeObject | undefined,
  { sandbox, signal }: PodYard,
): Promise<boolean> {
  const [container] = listAt(pod, 'spec', 'containers');
  if (!pod || partAt(container, 'resources', 'limits', 'memory') !== undefined) return false;
  const ref = { name: pod.metadata.name, namespace: sandbox.seen.name };
  const asked = { container: containerName, command: [nothing], timeoutMs: commandMs };
  try {
    const answer = await sandbox.kube.exec(ref, asked, signal);
    // Some runtimes have an exit code for what is not there.
    return answer.outcome === 'ok';
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Fault) return error.message.includes(nothing);
    throw error;
  }
}
