import type { Kube, KubeObject } from '../../adapters/kube/kube.ts';
import { Fault } from '../../core/fault.ts';
import { listAt, partAt, recordAt, stringAt } from '../../validators/manifest/read.ts';
import type { Looked } from '../../validators/runtime/observation.ts';
import { untilSeen, within } from '../until.ts';

/** A way to read files as a process in a container sees them. */
export interface Inside {
  /** A file of the main process, below `/proc/1`. */
  ofProcess(file: string): Promise<Looked<string>>;
  /** A file of the container's control group. */
  ofControlGroup(file: string): Promise<Looked<string>>;
}

export interface InsideRequest {
  readonly kube: Kube;
  readonly pod: KubeObject;
  readonly container: string;
  /** Image with sh, sleep and cat, for containers that have no cat; undefined for none. */
  readonly helperImage: string | undefined;
  readonly fieldManager: string;
  readonly signal: AbortSignal;
}

/** Milliseconds: for one command, and to start a container. */
const commandMs = 10_000;
const startMs = 60_000;

/** Where control groups are mounted in a container (cgroup v2, or the memory controller of v1). */
const controlGroups = '/sys/fs/cgroup';

/**
 * Looks through the container's own `cat` or, where it has none, through a container that shares its
 * processes (an ephemeral one, as `kubectl debug --target` makes).
 * @returns why neither is possible
 */
export async function lookInside(request: InsideRequest): Promise<Inside | string> {
  const { pod, container, helperImage } = request;
  const shared = ['shareProcessNamespace', 'hostPID'].find((field) => partAt(pod, 'spec', field));
  if (shared !== undefined) {
    return `${shared} is true, so which process is the main one cannot be told`;
  }
  const own = await read(request, container, '/proc/1/status');
  if ('seen' in own) {
    return {
      ofProcess: (file) => read(request, container, `/proc/1/${file}`),
      ofControlGroup: (file) => read(request, container, `${controlGroups}/${file}`),
    };
  }
  if (helperImage === undefined) {
    return `${own.why}; --canary-image names an image with cat that can look instead`;
  }
  const helper = await startHelper(request, helperImage);
  if ('why' in helper) return helper.why;
  return {
    ofProcess: (file) => read(request, helper.seen, `/proc/1/${file}`),
    // Its own group is another one; the file system of the process shows the right one.
    ofControlGroup: (file) => read(request, helper.seen, `/proc/1/root${controlGroups}/${file}`),
  };
}

async function read(
  { kube, pod, signal }: InsideRequest,
  container: string,
  path: string,
): Promise<Looked<string>> {
  const { name, namespace = '' } = pod.metadata;
  const options = { container, command: ['cat', path], timeoutMs: commandMs };
  try {
    const answer = await kube.exec({ name, namespace }, options, signal);
    if (answer.outcome === 'refused') return { why: answer.status.message };
    if (answer.outcome === 'timed-out') return { why: `cat ${path} did not end` };
    if (answer.exitCode === 0) return { seen: answer.stdout };
    const said = `${answer.stderr}${answer.stdout}`.trim().split('\n')[0] ?? '';
    return { why: `cat ${path}: ${said || `exit code ${answer.exitCode}`}`.slice(0, 200) };
  } catch (error) {
    signal.throwIfAborted();
    // What cannot be started is no exit code for every runtime.
    if (error instanceof Fault) return { why: `cat ${path}: ${error.message}`.slice(0, 200) };
    throw error;
  }
}

/** @returns the name of the running container */
async function startHelper(
  { kube, pod, container, fieldManager, signal }: InsideRequest,
  image: string,
): Promise<Looked<string>> {
  const name = `deploycheck-look-${listAt(pod, 'spec', 'containers').findIndex(
    (entry) => stringAt(entry, 'name') === container,
  )}`;
  const { namespace = '' } = pod.metadata;
  const ref = { apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, namespace };
  const body = { spec: { ephemeralContainers: [helperOf(pod, container, name, image)] } };
  const written = await kube.patch(
    { ...ref, subresource: 'ephemeralcontainers' },
    { type: 'strategic', body },
    { fieldManager },
    signal,
  );
  if (written.outcome === 'refused')
    return { why: `the cluster takes no container to look with: ${written.status.message}` };
  let failed: string | undefined;
  const settled = (object: KubeObject): boolean => {
    const status = listAt(object, 'status', 'ephemeralContainerStatuses').find(
      (entry) => stringAt(entry, 'name') === name,
    );
    const waiting = stringAt(status, 'state', 'waiting', 'reason') ?? '';
    if (partAt(status, 'state', 'terminated') !== undefined) failed = 'it ended at once';
    if (/^(ErrImage|ImagePull|CreateContainer|RunContainer|Invalid)/.test(waiting)) {
      failed = stringAt(status, 'state', 'waiting', 'message') ?? waiting;
    }
    return failed !== undefined || partAt(status, 'state', 'running') !== undefined;
  };
  const options = { namespace, fieldSelector: `metadata.name=${pod.metadata.name}` };
  const started = await within(startMs, signal, async (inTime) => {
    await untilSeen(kube, ref, options, settled, inTime);
    return true;
  });
  if (!started) return { why: `a container to look with did not start within ${startMs / 1000} s` };
  return failed === undefined
    ? { seen: name }
    : { why: `a container to look with did not start: ${failed}` };
}

/** As the same user, so that it may read what belongs to the process; fits every level of Pod Security. */
function helperOf(pod: KubeObject, target: string, name: string, image: string) {
  const container = listAt(pod, 'spec', 'containers').find(
    (entry) => stringAt(entry, 'name') === target,
  );
  const user =
    partAt(container, 'securityContext', 'runAsUser') ??
    partAt(pod, 'spec', 'securityContext', 'runAsUser') ??
    65_534;
  const group =
    partAt(container, 'securityContext', 'runAsGroup') ??
    partAt(pod, 'spec', 'securityContext', 'runAsGroup');
  const own = recordAt(container, 'securityContext');
  return {
    name,
    image,
    command: ['sh', '-c', 'sleep 3600'],
    targetContainerName: target,
    securityContext: {
      ...{ runAsUser: user, ...(group === undefined ? {} : { runAsGroup: group }) },
      ...{ runAsNonRoot: user !== 0, allowPrivilegeEscalation: false },
      capabilities: { drop: ['ALL'] },
      seccompProfile: own.seccompProfile ?? { type: 'RuntimeDefault' },
    },
  };
}
