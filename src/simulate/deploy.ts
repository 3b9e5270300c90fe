import type { Kube } from '../adapters/kube/kube.ts';
import { listAt, numberAt, stringAt } from '../validators/manifest/read.ts';
import { type Answered, send } from './apply.ts';
import { applyInTurn } from './apply-in-turn.ts';
import type { Assessed, Awaited } from './assess.ts';
import { keepLogs, keepStates } from './evidence.ts';
import { examine, notExamined } from './examine.ts';
import { objectText } from './object-id.ts';
import type { Cause, Refusal, Sandbox, Simulation, WorkloadSeen } from './observation.ts';
import type { UsageSeen } from './observed-parts.ts';
import type { PlannedObject } from './plan.ts';
import { notProbed } from './probe.ts';
import { isAwaited } from './readiness.ts';
import type { SimulateContext, SimulateRequest } from './request.ts';
import type { Steps } from './steps.ts';
import { type WaitResult, waitFor } from './wait.ts';
import { type LiveWorld, openWorld, viewOf } from './world.ts';

/** What deploying into the sandbox showed. */
export type Deployed = Pick<
  Simulation,
  'ended' | 'workloads' | 'probes' | 'behaviour' | 'containers' | 'usage'
> & {
  readonly refusals: readonly Refusal[];
};

export interface DeployRequest {
  readonly request: SimulateRequest;
  readonly sandbox: Sandbox;
  /** The API as the person, and as the account of the sandbox. */
  readonly user: Kube;
  readonly account: Kube;
  readonly objects: readonly PlannedObject[];
}

/** Nothing was applied. */
export function notDeployed({ health }: Pick<SimulateRequest, 'health'>): Deployed {
  return {
    ended: 'not-started',
    workloads: [],
    ...notProbed(health, 'the release was not deployed'),
    containers: [],
    usage: { soakSeconds: 0, unavailable: null, containers: [], restarts: [] },
    refusals: [],
  };
}

/** Applies, waits, probes, measures, and saves what the sandbox has to say before it goes. */
export async function deploy(
  { request, sandbox, user, account, objects }: DeployRequest,
  context: SimulateContext,
  steps: Steps,
): Promise<Deployed> {
  const { signal, clock, onEvent } = context;
  const kinds = objects.map(({ object }) => object).filter(isAwaited);
  await using world = await openWorld(user, sandbox.name, kinds, signal);
  const { readyMs } = request.deadlines;
  const waitingFor = (awaited: readonly Awaited[], steadyMs: number) =>
    waitFor({
      ...{ awaited, world, clock, signal, steadyMs, deadlineMs: Math.max(readyMs, steadyMs) },
      onState: (assessed) => onEvent({ type: 'note', text: stateText(assessed) }),
    });
  const apply = (some: readonly PlannedObject[]) =>
    send(account, some, { during: 'apply', fieldManager: sandbox.fieldManager }, signal);

  const answered = await steps.run('apply', () =>
    request.sequential
      ? applyInTurn(objects, apply, (some) => waitingFor(awaitedOf(some, request), 0))
      : apply(objects),
  );
  const awaited = awaitedOf(answered, request);
  const waiting = (steadyMs: number) => waitingFor(awaited, steadyMs);
  const first = await steps.run('wait', () => waiting(0));
  const up = first.ended === 'ready' && answered.refusals.length === 0;
  const running = { request, sandbox, user, account, objects, world, awaited, first, waiting };
  const examined = up ? await examine(running, context, steps) : notExamined(request, steps);

  const last = examined.last ?? first;
  const usage: UsageSeen = { ...examined.usage, restarts: restartsOf(awaited, world) };
  const troubled = last.ended !== 'ready' || usage.restarts.length > 0;
  const logs = await steps.run('collect', async () => {
    await keepStates(context, world.current());
    const causes = last.workloads.flatMap(({ cause }) => cause ?? []);
    return troubled
      ? keepLogs(context, user, sandbox.name, world.current(), causes)
      : new Map<string, string>();
  });
  const { probes, behaviour, containers } = examined;
  return {
    ended: last.ended,
    workloads: workloadsOf(last, first, logs),
    ...{ probes, behaviour, containers, usage },
    refusals: answered.refusals,
  };
}

function awaitedOf({ accepted }: Answered, { readiness: rules }: SimulateRequest): Awaited[] {
  return accepted
    .filter(({ object }) => isAwaited(object))
    .map(({ planned, object }) => ({ id: planned.id, accepted: object, rules }));
}

/** What ended the wait comes first, then what was still missing. */
function workloadsOf(
  last: WaitResult,
  first: WaitResult,
  logs: ReadonlyMap<string, string>,
): WorkloadSeen[] {
  const rank = { failed: 0, waiting: 1, suspended: 2, unknown: 3, ready: 4 } as const;
  return last.workloads
    .map(({ awaited, state, message, cause }): WorkloadSeen => {
      const uid = awaited.accepted.metadata.uid ?? '';
      const readyAfterMs = first.readyAfterMs.get(uid) ?? null;
      return { object: awaited.id, state, message, cause: withLog(cause, logs), readyAfterMs };
    })
    .sort((a, b) => rank[a.state] - rank[b.state]);
}

function withLog(cause: Cause | null, logs: ReadonlyMap<string, string>): Cause | null {
  if (cause === null) return null;
  return { ...cause, lastLog: logs.get(`${cause.pod}/${cause.container}`) ?? null };
}

function stateText({ awaited, state, message, cause }: Assessed): string {
  const why = cause ? ` (${cause.detail})` : '';
  return `${objectText(awaited.id)}: ${state}, ${message}${why}`;
}

function restartsOf(awaited: readonly Awaited[], world: LiveWorld): UsageSeen['restarts'] {
  const { objects } = world.current();
  const view = viewOf({ objects });
  return awaited.flatMap(({ id, accepted }) => {
    const workload = objects.get(accepted.metadata.uid ?? '') ?? accepted;
    return view.podsOf(workload).flatMap((pod) =>
      listAt(pod, 'status', 'containerStatuses').flatMap((status) => {
        const count = numberAt(status, 'restartCount') ?? 0;
        if (count === 0) return [];
        const container = stringAt(status, 'name') ?? '';
        const end = world.lastEnd(pod, container);
        const code = numberAt(end, 'exitCode') ?? 'unknown';
        const last = `${stringAt(end, 'reason') ?? 'ended'}, exit code ${code}`;
        return [{ workload: id, pod: pod.metadata.name, container, count, last }];
      }),
    );
  });
}
