import type { KubeObject } from '../../adapters/kube/kube.ts';
import { listAt, numberAt, partAt, stringAt } from '../../validators/manifest/read.ts';
import type { View } from '../world.ts';
import { imageSignal } from './images.ts';
import { actionText, type ProbeKind, probeText } from './probes.ts';
import { grace, oneLine, type Signal, signal } from './signal.ts';

/** Crashes after which a container is not waited for any longer. */
const hopelessCrashes = 3;

/** What the containers of a pod suffer from, init containers first. */
export function containerSignals(pod: KubeObject, view: View): Signal[] {
  const lists = [
    ['initContainers', 'initContainerStatuses'],
    ['containers', 'containerStatuses'],
  ] as const;
  return lists.flatMap(([specs, statuses]) =>
    listAt(pod, 'status', statuses).flatMap((status) => {
      const name = stringAt(status, 'name') ?? '';
      const spec = listAt(pod, 'spec', specs).find((entry) => stringAt(entry, 'name') === name);
      return signalOf({ pod, status, spec, name, view }) ?? [];
    }),
  );
}

interface Container {
  readonly pod: KubeObject;
  readonly status: unknown;
  readonly spec: unknown;
  readonly name: string;
  readonly view: View;
}

function signalOf(container: Container): Signal | undefined {
  const { pod, status, spec, name } = container;
  const place = { pod: pod.metadata.name, container: name };
  const waiting = stringAt(status, 'state', 'waiting', 'reason') ?? '';
  const message = stringAt(status, 'state', 'waiting', 'message') ?? '';
  const image = stringAt(spec, 'image') ?? stringAt(status, 'image') ?? '';
  switch (waiting) {
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'RegistryUnavailable':
      return imageSignal(image, pullMessage(container, message), place);
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
      return signal('image-name', grace.none, `${image}: ${message}`, place);
    case 'CreateContainerConfigError': {
      const reason = /not found|couldn't find key/.test(message)
        ? 'config-missing'
        : 'container-config';
      const said = message.replace(/ \(pod: "[^"]*", container: [^)]*\)$/, '');
      return signal(reason, grace.short, withoutNamespace(said, pod), place);
    }
    case 'CreateContainerError':
      return signal('container-config', grace.short, ofRuntime(message), place);
  }
  const crash = crashSignal(container, place);
  // One that runs again is judged by its probes, unless it went down too often.
  if (crash?.graceMs === grace.none) return crash;
  return unreadySignal(container, place) ?? crash;
}

/** A back-off does not always repeat what the registry said; the events of the pod do. */
function pullMessage({ pod, view, name }: Container, message: string): string {
  if (/failed to|not found|denied|error/i.test(message)) return message;
  const said = view.warningsAbout(pod).find(({ reason, message: text, fieldPath }) => {
    return (
      reason === 'Failed' && fieldPath.includes(`{${name}}`) && text.startsWith('Failed to pull')
    );
  });
  return said?.message ?? message;
}

function crashSignal(
  container: Container,
  place: { readonly pod: string; readonly container: string },
): Signal | undefined {
  const { pod, status, spec } = container;
  const ended = partAt(status, 'state', 'terminated') ?? partAt(status, 'lastState', 'terminated');
  if (ended === undefined || isExpectedEnd(container, ended)) return undefined;
  const down = partAt(status, 'state', 'running') === undefined;
  const crashes = (numberAt(status, 'restartCount') ?? 0) + (down ? 1 : 0);
  // A Job says itself how many tries it has.
  const jobPod = listAt(pod, 'metadata', 'ownerReferences').some(
    (owner) => stringAt(owner, 'kind') === 'Job',
  );
  const hopeless = crashes >= hopelessCrashes && !jobPod;
  const graceMs = hopeless ? grace.none : grace.tolerated;
  const reason = stringAt(ended, 'reason') ?? '';
  const exitCode = numberAt(ended, 'exitCode') ?? 0;
  const said = ofRuntime(stringAt(ended, 'message') ?? '');
  if (reason === 'OOMKilled') {
    const limit = stringAt(spec, 'resources', 'limits', 'memory');
    const bound = limit === undefined ? 'without a limit of its own' : `at its limit of ${limit}`;
    return signal('out-of-memory', graceMs, `killed for want of memory ${bound}`, place);
  }
  if (/^(StartError|ContainerCannotRun)$/.test(reason)) return startSignal(said, graceMs, place);
  const killer = killedBy(container);
  if (killer) return signal('probe-failing', graceMs, killer, place);
  const times = crashes === 1 ? 'once' : `${crashes} times`;
  const hook = failedHook(container);
  if (hook !== undefined) return signal('crash-loop', graceMs, `ended ${times}, ${hook}`, place);
  const signalled = exitCode > 128 ? ` (signal ${exitCode - 128})` : '';
  const detail = `ended ${times}, last with exit code ${exitCode}${signalled}`;
  const once = stringAt(pod, 'spec', 'restartPolicy') === 'Never';
  const what = said === '' ? detail : `${detail}: ${said}`;
  return signal(once ? 'pod-failed' : 'crash-loop', graceMs, what, place);
}

/** What a process never ran for; texts that processes leave may hold any of these words. */
function startSignal(
  said: string,
  graceMs: number,
  place: { readonly pod: string; readonly container: string },
): Signal {
  if (/exec format error/.test(said)) return signal('image-platform', grace.short, said, place);
  return /exec: |executable file not found/.test(said)
    ? signal('command-not-found', grace.short, said, place)
    : signal('container-config', graceMs, said, place);
}

/** What the runtimes put around the reason, from the outside in. */
const runtimeFrame =
  /^(?:(?:failed to (?:create containerd task|create shim task|generate container "[^"]*" spec|start container "[^"]*")|OCI runtime create failed|runc create failed|unable to start container process|error during container init): )+/;

const ofRuntime = (message: string): string =>
  message.replace(runtimeFrame, '').replace(/: unknown$/, '');

/** The kubelet ends a container whose `postStart` hook fails. */
function failedHook({ pod, spec, name, view }: Container): string | undefined {
  const own = view.warningsAbout(pod).filter(({ fieldPath }) => fieldPath.includes(`{${name}}`));
  if (!own.some(({ reason }) => reason === 'FailedPostStartHook')) return undefined;
  return `each time by its postStart hook, which fails: ${actionText(partAt(spec, 'lifecycle', 'postStart'))}`;
}

/** Init containers and the containers of Jobs are to end, with success. */
function isExpectedEnd({ pod, status, spec }: Container, ended: unknown): boolean {
  if (numberAt(ended, 'exitCode') !== 0) return false;
  const waits = stringAt(status, 'state', 'waiting', 'reason') === 'CrashLoopBackOff';
  const restarts = stringAt(pod, 'spec', 'restartPolicy') ?? 'Always';
  const sidecar = stringAt(spec, 'restartPolicy') === 'Always';
  return !(waits || (restarts === 'Always' && !sidecar && isMain(pod, spec)));
}

function isMain(pod: KubeObject, spec: unknown): boolean {
  return listAt(pod, 'spec', 'containers').includes(spec);
}

/** The kubelet ends a container whose startup or liveness probe fails; it looks like a crash. */
function killedBy({ pod, spec, name, view }: Container): string | undefined {
  const own = view.eventsAbout(pod).filter(({ fieldPath }) => fieldPath.includes(`{${name}}`));
  const killing = own.find(
    ({ reason, message }) =>
      reason === 'Killing' && /failed (startup|liveness) probe/.test(message),
  );
  const kind = /failed startup/.test(killing?.message ?? '') ? 'startup' : 'liveness';
  return killing && probeDetail(own, spec, kind);
}

function unreadySignal(
  { pod, status, spec, name, view }: Container,
  place: { readonly pod: string; readonly container: string },
): Signal | undefined {
  const running = partAt(status, 'state', 'running') !== undefined;
  if (!running || partAt(status, 'ready') === true) return undefined;
  const own = view.warningsAbout(pod).filter(({ fieldPath }) => fieldPath.includes(`{${name}}`));
  const starting = partAt(status, 'started') === false;
  const kinds: readonly ProbeKind[] = starting ? ['startup', 'readiness'] : ['readiness'];
  for (const kind of kinds) {
    const detail = probeDetail(own, spec, kind);
    if (detail !== undefined) return signal('probe-failing', grace.tolerated, detail, place);
  }
  return undefined;
}

/** The answer next to the definition of the probe. */
function probeDetail(
  events: readonly { readonly reason: string; readonly message: string }[],
  spec: unknown,
  kind: ProbeKind,
): string | undefined {
  const definition = probeText(spec, kind);
  if (definition === undefined) return undefined;
  const title = `${kind[0]?.toUpperCase()}${kind.slice(1)} probe`;
  const said = events.find(
    ({ reason, message }) => reason === 'Unhealthy' && message.startsWith(title),
  );
  const answer = said?.message.replace(/^\w+ probe (failed|errored): ?/, '');
  return `${definition}: ${answer === undefined ? 'has not succeeded' : oneLine(answer)}`;
}

/** Messages name objects of the sandbox as `NAMESPACE/NAME`. */
function withoutNamespace(message: string, { metadata }: KubeObject): string {
  return message.replaceAll(`${metadata.namespace ?? ''}/`, '');
}
