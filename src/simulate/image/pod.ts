import type { KubeObject } from '../../adapters/kube/kube.ts';
import type { ProbeRequest } from '../../probe/request.ts';
import type { RunSettings } from '../../probe/settings.ts';
import type { HealthCheck } from '../../validators/image/config.ts';

/** The only container of each pod. */
export const containerName = 'main';

const variablesName = 'deploycheck-variables';

export interface PodPlan {
  readonly name: string;
  readonly namespace: string;
  /** What nodes pull. */
  readonly image: string;
  readonly request: ProbeRequest;
  readonly settings: RunSettings;
  readonly healthCheck: HealthCheck | null;
}

/**
 * One run of the image: the same questions as an engine is asked, in the words of a pod. The default profile of system
 * calls is asked for always, because it is what engines have when nothing is said, and kubelets as a rule do not.
 * https://kubernetes.io/docs/tutorials/security/seccomp/
 */
export function podOf({ name, namespace, image, request, settings, ...rest }: PodPlan): KubeObject {
  const { command, args, environment, tmpfs, volumes, graceSeconds } = request;
  const { memory } = settings;
  const paths = [...new Set([...tmpfs, ...volumes, ...(settings.writable ?? [])])];
  const folders = paths.map((mountPath, at) => ({ name: `folder-${at + 1}`, mountPath }));
  const readinessProbe = readinessOf(request, rest.healthCheck);
  const container = {
    ...{ name: containerName, image, securityContext: securityOf(settings) },
    ...(command && { command }),
    ...(args && { args }),
    env: Object.keys(environment).map((variable, at) => ({
      name: variable,
      valueFrom: { secretKeyRef: { name: variablesName, key: keyOf(at) } },
    })),
    ...(memory !== undefined && { resources: { limits: { memory: String(memory) } } }),
    ...(readinessProbe && { readinessProbe }),
    volumeMounts: folders,
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: graceSeconds,
      // A token, and variables with the addresses of Services, are things that the image did not ask for.
      ...{ automountServiceAccountToken: false, enableServiceLinks: false },
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      containers: [container],
      // As the proposal has them: in memory they would count against the limit.
      volumes: folders.map((folder) => ({ name: folder.name, emptyDir: {} })),
    },
  };
}

function securityOf(settings: RunSettings) {
  const { user, readOnlyRoot, capabilities, noNewPrivileges } = settings;
  const [uid, gid] = user?.split(':').map(Number) ?? [];
  return {
    ...(uid !== undefined && { runAsUser: uid, runAsNonRoot: uid !== 0 }),
    ...(gid !== undefined && { runAsGroup: gid }),
    ...(readOnlyRoot && { readOnlyRootFilesystem: true }),
    ...(noNewPrivileges && { allowPrivilegeEscalation: false }),
    ...(capabilities && {
      capabilities: { drop: ['ALL'], ...(capabilities.length > 0 && { add: capabilities }) },
    }),
  };
}

/** No trial waits half a minute for the first answer, and one that is late is not the last. */
const asOften = { periodSeconds: 1, failureThreshold: 1, successThreshold: 1 } as const;
/** Seconds: Docker's default for a health check, and for one request. */
const healthSeconds = 30;
const requestSeconds = 2;

/** A container has one such probe, so a request that was named comes before the health check. */
function readinessOf({ ready }: ProbeRequest, healthCheck: HealthCheck | null) {
  if (ready.by === 'http') {
    const { port, path } = ready;
    return { ...asOften, httpGet: { port, path }, timeoutSeconds: requestSeconds };
  }
  if (!healthCheck) return undefined;
  const [kind, ...words] = healthCheck.test;
  const command = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : words;
  const timeoutSeconds = Math.ceil(healthCheck.timeout / 1e9) || healthSeconds;
  return { ...asOften, exec: { command }, timeoutSeconds };
}

/** Whether the readiness of a pod is the health check of its image. */
export const asksHealth = ({ ready }: ProbeRequest, healthCheck: HealthCheck | null): boolean =>
  ready.by !== 'http' && healthCheck !== null;

/** Values may be secret, and a Secret is the one object whose values most people may not read. */
export function variablesSecret(
  namespace: string,
  environment: Readonly<Record<string, string>>,
): KubeObject {
  const values = Object.values(environment).map((value, at) => [keyOf(at), value]);
  return {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: variablesName, namespace } },
    stringData: Object.fromEntries(values),
  };
}

/** Names of variables may have characters that keys may not. */
const keyOf = (at: number): string => `variable-${at + 1}`;
