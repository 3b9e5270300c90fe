import type { Kube } from '../adapters/kube/kube.ts';
import type { KubeObject } from '../adapters/kube/object.ts';
import { Fault } from '../core/fault.ts';
import { listAt, numberAt, partAt, stringAt } from '../validators/manifest/read.ts';
import type { ProbeState } from './observation.ts';
import type { HealthProbe } from './request.ts';
import { isReady } from './status.ts';

const timeoutMs = 10_000;
/** Characters of a body that are looked at. */
const maxBody = 64 * 1024;

/** Asks every ready pod for its health, through a forwarded port, without any Ingress. */
export async function probePods(
  kube: Kube,
  pods: readonly KubeObject[],
  probes: readonly HealthProbe[],
  signal: AbortSignal,
): Promise<ProbeState[]> {
  const ready = pods.filter(isReady);
  if (probes.length === 0 || ready.length === 0) return [];
  const each = await Promise.all(ready.map((pod) => probePod(kube, pod, probes, signal)));
  return each.flat();
}

async function probePod(
  kube: Kube,
  pod: KubeObject,
  probes: readonly HealthProbe[],
  signal: AbortSignal,
): Promise<ProbeState[]> {
  const { name, namespace = '' } = pod.metadata;
  const open = (why: string) =>
    probes.map(
      ({ path }): ProbeState => ({ path: `${name}${path}`, state: 'unknown', message: why }),
    );
  const port = healthPort(pod);
  if (port === undefined) return open('its containers declare no port');
  const forward = await kube.forward({ name, namespace }, port, signal);
  try {
    return await Promise.all(
      probes.map(async (probe): Promise<ProbeState> => {
        const path = `${name}${probe.path}`;
        try {
          const problem = await ask(`http://127.0.0.1:${forward.port}${probe.path}`, probe, signal);
          return { path, state: problem === undefined ? 'ok' : 'failed', message: problem ?? '' };
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof Fault) throw error;
          const why = forward.problem();
          // The port could not be carried, which says nothing of the pod.
          if (why !== undefined) return { path, state: 'unknown', message: why };
          return { path, state: 'failed', message: 'gave no answer' };
        }
      }),
    );
  } finally {
    await forward.close();
  }
}

/** The port of the readiness probe, or else the first that a container declares. */
function healthPort(pod: KubeObject): number | undefined {
  const containers = listAt(pod, 'spec', 'containers');
  const ports = containers.flatMap((container) => listAt(container, 'ports'));
  for (const container of containers) {
    const wanted = partAt(container, 'readinessProbe', 'httpGet', 'port');
    if (typeof wanted === 'number') return wanted;
    if (typeof wanted !== 'string') continue;
    const found = ports.find((port) => stringAt(port, 'name') === wanted);
    if (found) return numberAt(found, 'containerPort');
  }
  return numberAt(ports[0], 'containerPort');
}

/** @returns what is wrong with the answer */
async function ask(
  url: string,
  { status = 200, body }: HealthProbe,
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await fetch(url, {
    redirect: 'manual',
    headers: { connection: 'close' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  const text = (await answer.text()).slice(0, maxBody);
  if (answer.status !== status) return `answered ${answer.status}, expected ${status}`;
  if (body === undefined || text.includes(body) || matches(text, body)) return undefined;
  return `answered ${status} with another body than expected`;
}

function matches(text: string, pattern: string): boolean {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return false;
  }
}
