import type { KubeObject } from '../../adapters/kube/kube.ts';
import { canonicalDigest } from '../../core/canonical.ts';
import { listAt, stringAt } from '../../validators/manifest/read.ts';
import type {
  Looked,
  ProcessSeen,
  StartedContainer,
  StopSeen,
  Tightening,
} from '../../validators/runtime/observation.ts';
import type { Awaited } from '../assess.ts';
import { isTrueCondition, objectText } from '../object-id.ts';
import type { PlannedObject } from '../plan.ts';
import { viewOf, type World } from '../world.ts';
import { declaredVariables } from './declared-variables.ts';
import { readFiles } from './files.ts';
import { lookInside } from './inside.ts';
import { isReplaced, stopPods } from './restart.ts';
import { tokenOf } from './token.ts';
import { type TrialContext, tryTightenings } from './trials.ts';

export interface InspectRequest {
  readonly awaited: readonly Awaited[];
  /** The objects of the sandbox. */
  readonly inside: readonly PlannedObject[];
  /** Milliseconds that each workload took to become ready, by uid. */
  readonly readyAfterMs: ReadonlyMap<string, number>;
  /** Milliseconds that anything may take. */
  readonly readyMs: number;
  readonly helperImage: string | undefined;
  /** Where they run, for the record: `context/namespace`. */
  readonly source: string;
}

/** Milliseconds that a trial may take at least. */
const leastTrialMs = 30_000;

/** A ready pod of a workload. */
interface Sample extends Awaited {
  readonly pod: KubeObject;
}

/** A container about whose end nothing is known yet. */
type Running = Omit<StartedContainer, 'stop' | 'digest'>;

/**
 * Looks into one pod of each workload, tries it with tighter settings, and ends it as a rollout does.
 * What comes in its place is for the caller to wait for.
 */
export async function inspectContainers(
  request: InspectRequest,
  context: Omit<TrialContext, 'readyMs'>,
): Promise<StartedContainer[]> {
  const samples = samplesOf(request.awaited, context.world.current());
  let trials = 0;
  const names = () => `deploycheck-trial-${++trials}`;
  const running: { readonly sample: Sample; readonly containers: readonly Running[] }[] = [];
  for (const sample of samples) {
    running.push({ sample, containers: await inspectPod(sample, names, request, context) });
  }
  const replaced = samples.map(({ pod }) => pod).filter(isReplaced);
  const stops = await stopPods(replaced, context);
  return running.flatMap(({ sample: { pod }, containers }) =>
    containers.map((container) => {
      const stop = stops.get(`${pod.metadata.name}/${container.name}`);
      return ended(container, stop ?? { why: 'nothing makes another pod in its place' });
    }),
  );
}

function ended(container: Running, stop: Looked<StopSeen>): StartedContainer {
  const body = { ...container, stop };
  return { ...body, digest: canonicalDigest(body) };
}

function samplesOf(awaited: readonly Awaited[], world: World): Sample[] {
  const view = viewOf(world);
  return awaited.flatMap((entry): Sample[] => {
    const workload = world.objects.get(entry.accepted.metadata.uid ?? '') ?? entry.accepted;
    const pod = view.podsOf(workload).find((candidate) => isTrueCondition(candidate, 'Ready'));
    return pod ? [{ ...entry, pod }] : [];
  });
}

async function inspectPod(
  { id, accepted, pod }: Sample,
  names: () => string,
  { inside, helperImage, source, ...times }: InspectRequest,
  context: Omit<TrialContext, 'readyMs'>,
): Promise<Running[]> {
  const { kube, fieldManager, signal } = context;
  const objects = inside.map(({ object }) => object);
  const looked = await Promise.all(
    listAt(pod, 'spec', 'containers').map(async (container) => {
      const name = stringAt(container, 'name') ?? '';
      const request = { kube, pod, container: name, helperImage, fieldManager, signal };
      const declared = declaredVariables(container, objects);
      const files = await readFiles(await lookInside(request), pod, container, declared);
      return { name, files, token: { seen: tokenOf(pod, container, objects) } };
    }),
  );
  const missing = missingOf(looked.map(({ files }) => files.process));
  // A pod that is like another one takes about as long.
  const usualMs = times.readyAfterMs.get(accepted.metadata.uid ?? '') ?? 0;
  const readyMs = Math.min(times.readyMs, leastTrialMs + 3 * usualMs);
  const trials = await tryTightenings(pod, missing, names, { ...context, readyMs });
  return looked.map(({ name, files, token }) => {
    const label = `${objectText(id)}, container ${name}`;
    return { kind: 'container', name, label, source, owner: id, ...files, trials, token };
  });
}

/** What at least one of the containers is not known to do already. */
function missingOf(processes: readonly Looked<ProcessSeen>[]): Tightening[] {
  const seen = processes.flatMap((process) => ('seen' in process ? process.seen : []));
  const loose = {
    'read-only-root': ({ readOnlyRoot }: ProcessSeen) => !readOnlyRoot,
    'no-capabilities': ({ capabilities }: ProcessSeen) => capabilities.length > 0,
    'no-new-privileges': ({ noNewPrivileges }: ProcessSeen) => !noNewPrivileges,
  } as const satisfies Record<Tightening, (process: ProcessSeen) => boolean>;
  const all = ['read-only-root', 'no-capabilities', 'no-new-privileges'] as const;
  return all.filter((setting) => seen.some(loose[setting]));
}
