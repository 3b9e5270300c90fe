import type { Kube } from '../adapters/kube/kube.ts';
import type { KubeObject } from '../adapters/kube/object.ts';
import { fillTemplate } from '../core/finding.ts';
import { answerMessages, answerProblems } from '../simulate/answer-problems.ts';
import { probeUrl, type UrlAnswer } from '../simulate/health.ts';
import type { HealthProbe } from '../simulate/request.ts';
import { listAt, numberAt, partAt, stringAt } from '../validators/manifest/read.ts';
import type { ProbeState } from './observation.ts';
import { isReady } from './status.ts';

const timeoutMs = 10_000;
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
        const url = `http://127.0.0.1:${forward.port}${probe.path}`;
        const answer = await probeUrl({ ...probe, url, timeoutMs }, { signal, now: new Date(0) });
        const why = forward.problem();
        // The port could not be carried, which says nothing of the pod.
        if (answer.status === null && why !== undefined) {
          return { path, state: 'unknown', message: why };
        }
        const message = problemOf(answer, probe) ?? '';
        return { path, state: message === '' ? 'ok' : 'failed', message };
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

/** What is wrong with an answer, the gravest first. */
function problemOf(answer: UrlAnswer, { status = 200, body }: HealthProbe): string | undefined {
  const expected = { expectedStatus: status, expectedBody: body ?? null };
  const [problem] = answerProblems({ ...answer, ...expected });
  if (!problem) return undefined;
  const { messageId, data } = problem;
  const messages: Readonly<Record<string, string>> = { ...ownMessages, ...answerMessages };
  return fillTemplate(messages[messageId] ?? messageId, { where: 'it', ...data });
}

const ownMessages = {
  'no-answer': 'gave no answer',
  'wrong-status': 'answered {{status}}, expected {{expected}}',
  'wrong-body': 'answered with another body than expected',
};
