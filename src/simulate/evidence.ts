import type { Kube, KubeObject } from '../adapters/kube/kube.ts';
import { Fault } from '../core/fault.ts';
import { listAt, numberAt, stringAt } from '../validators/manifest/read.ts';
import type { Cause } from './observation.ts';
import type { SimulateContext } from './request.ts';
import type { World } from './world.ts';

/** Keeps JSON as a file of the run, with secrets taken out. */
export async function keepJson(
  { evidence, redact }: SimulateContext,
  name: string,
  value: unknown,
  how: string,
): Promise<void> {
  const content = redact(`${JSON.stringify(value, null, 1)}\n`);
  await evidence.add({ name: `${name}.json`, mediaType: 'application/json', content, how });
}

/** Events and last states of everything in the sandbox; it is gone a moment later. */
export async function keepStates(context: SimulateContext, world: World): Promise<void> {
  const all = [...world.objects.values()];
  const events = all
    .filter(({ kind }) => kind === 'Event')
    .sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1));
  const objects = all.filter(({ kind }) => kind !== 'Event').map(withoutManagers);
  await keepJson(context, 'simulation-events', events.map(withoutManagers), 'watch of v1 events');
  await keepJson(context, 'simulation-objects', objects, 'watch of pods and their owners');
}

const timeOf = (event: KubeObject): string =>
  stringAt(event, 'lastTimestamp') ?? stringAt(event, 'eventTime') ?? '';

function withoutManagers(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

const keptLines = 200;
const keptBytes = 256 * 1024;
/** Containers whose logs are kept when something went wrong; the one that is named comes first. */
const keptLogs = 12;

interface LogPlace {
  readonly pod: string;
  readonly container: string;
  /** Of the instance before, when the container is being started again. */
  readonly previous: boolean;
}

/**
 * Keeps the logs of containers that are not as they should be.
 * @returns the last line of each, by `pod/container`
 */
export async function keepLogs(
  context: SimulateContext,
  kube: Kube,
  sandbox: string,
  world: World,
  causes: readonly Cause[],
): Promise<ReadonlyMap<string, string>> {
  const named = new Set(causes.map(({ pod, container }) => `${pod}/${container}`));
  const isNamed = ({ pod, container }: LogPlace) => named.has(`${pod}/${container}`);
  const places = logPlaces(world).sort((a, b) => Number(isNamed(b)) - Number(isNamed(a)));
  const last = new Map<string, string>();
  for (const place of places.slice(0, keptLogs)) {
    const { pod, container, previous } = place;
    const text = context.redact(await logOf(context, kube, sandbox, place));
    if (text === '') continue;
    const line = text.trimEnd().split('\n').at(-1)?.trim() ?? '';
    last.set(`${pod}/${container}`, line.slice(0, 300));
    await context.evidence.add({
      name: `simulation-log-${pod}-${container}.txt`.slice(0, 120),
      mediaType: 'text/plain',
      content: text,
      how: `logs of pod ${pod}, container ${container}${previous ? ', previous instance' : ''}, last ${keptLines} lines`,
    });
  }
  return last;
}

async function logOf(
  { signal }: SimulateContext,
  kube: Kube,
  namespace: string,
  { pod, container, previous }: LogPlace,
): Promise<string> {
  const options = { container, previous, tailLines: keptLines, limitBytes: keptBytes };
  try {
    const answer = await kube.logs({ name: pod, namespace }, options, signal);
    if (answer.outcome === 'refused') return '';
    const parts: Buffer[] = [];
    for await (const part of answer.stream) parts.push(Buffer.from(part));
    return Buffer.concat(parts).toString('utf8');
  } catch (error) {
    signal.throwIfAborted();
    // A log that cannot be had must not hide the cause.
    if (error instanceof Fault) return '';
    throw error;
  }
}

function logPlaces({ objects }: World): LogPlace[] {
  return [...objects.values()]
    .filter(({ kind }) => kind === 'Pod')
    .flatMap((pod) =>
      ['initContainerStatuses', 'containerStatuses'].flatMap((list) =>
        listAt(pod, 'status', list).flatMap((status): LogPlace[] => {
          const restarts = numberAt(status, 'restartCount') ?? 0;
          const state = Object.keys(recordOf(status))[0];
          const began = state !== 'waiting' || restarts > 0;
          if (!began) return [];
          const container = stringAt(status, 'name') ?? '';
          const previous = restarts > 0 && state !== 'terminated';
          return [{ pod: pod.metadata.name, container, previous }];
        }),
      ),
    );
}

function recordOf(status: unknown): object {
  if (typeof status !== 'object' || status === null || !('state' in status)) return {};
  return typeof status.state === 'object' && status.state ? status.state : {};
}
