import type { Kube, KubeObject } from '../adapters/kube/kube.ts';
import { stringAt } from '../validators/manifest/read.ts';
import { pause, untilSeen, within } from './until.ts';

const name = 'deploycheck-canary';
/** Milliseconds: to start a pod, to carry a policy out, to answer. */
const startMs = 60_000;
const enforceMs = 10_000;
const answerMs = 10_000;

export interface Canary {
  /** Whether a pod reaches the API server of its cluster, which every pod knows the address of. */
  reaches(signal: AbortSignal): Promise<boolean>;
  remove(signal: AbortSignal): Promise<void>;
}

/**
 * A pod whose only work is to try the way out.
 * @param image has `sh` and `nc`
 * @returns why there is none
 */
export async function releaseCanary(
  kube: Kube,
  sandbox: string,
  image: string,
  fieldManager: string,
  signal: AbortSignal,
): Promise<Canary | string> {
  const made = await kube.create(podOf(sandbox, image), { fieldManager }, signal);
  if (made.outcome === 'refused') return `the canary is refused: ${made.status.message}`;
  const options = { namespace: sandbox, fieldSelector: `metadata.name=${name}` };
  const isRunning = (pod: KubeObject) => stringAt(pod, 'status', 'phase') === 'Running';
  const kind = { apiVersion: 'v1', kind: 'Pod' };
  const running = await within(startMs, signal, async (inTime) => {
    await untilSeen(kube, kind, options, isRunning, inTime);
    return true;
  });
  const remove = async (until: AbortSignal): Promise<void> => {
    await kube.remove({ ...kind, name, namespace: sandbox }, { gracePeriodSeconds: 0 }, until);
  };
  if (!running) {
    await remove(signal);
    return `the canary did not start within ${startMs / 1000} s`;
  }
  return {
    remove,
    async reaches(until) {
      const pod = { name, namespace: sandbox };
      const answer = await kube.exec(pod, { command: knock, timeoutMs: answerMs }, until);
      return answer.outcome === 'ok' && answer.exitCode === 0;
    },
  };
}

const knock = [
  'sh',
  '-c',
  'nc -w 3 "$KUBERNETES_SERVICE_HOST" "$KUBERNETES_SERVICE_PORT" </dev/null >/dev/null 2>&1',
];

/** Whether a way that was open is closed soon after the policy was made. */
export async function isShut(canary: Canary, signal: AbortSignal): Promise<boolean> {
  const shut = await within(enforceMs, signal, async (inTime) => {
    while (await canary.reaches(inTime)) await pause(500, inTime);
    return true;
  });
  return shut === true;
}

/** Fits every level of Pod Security. */
function podOf(sandbox: string, image: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: sandbox },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65_534,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'canary',
          image,
          command: ['sh', '-c', 'sleep 600'],
          resources: {
            requests: { cpu: '10m', memory: '16Mi' },
            limits: { cpu: '100m', memory: '32Mi' },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  };
}
