import type { Kube } from '../adapters/kube/kube.ts';
import type { StartedContainer } from '../validators/runtime/observation.ts';
import type { Awaited } from './assess.ts';
import { measureUsage } from './metrics.ts';
import type { Sandbox } from './observation.ts';
import type { UsageSeen } from './observed-parts.ts';
import type { PlannedObject } from './plan.ts';
import { notProbed, type Probed, probeRelease } from './probe.ts';
import type { SimulateContext, SimulateRequest } from './request.ts';
import { inspectContainers } from './runtime/inspect.ts';
import type { Steps } from './steps.ts';
import type { WaitResult } from './wait.ts';
import type { LiveWorld } from './world.ts';

/** What was seen of a release while it ran. */
export interface Examined extends Probed {
  /** How everything stood in the end; undefined when nothing was examined. */
  readonly last: WaitResult | undefined;
  readonly containers: readonly StartedContainer[];
  readonly usage: Omit<UsageSeen, 'restarts'>;
}

/** A release that became ready. */
export interface Running {
  readonly request: SimulateRequest;
  readonly sandbox: Sandbox;
  /** The API as the person, and as the account of the sandbox. */
  readonly user: Kube;
  readonly account: Kube;
  readonly objects: readonly PlannedObject[];
  readonly world: LiveWorld;
  readonly awaited: readonly Awaited[];
  /** How it became ready. */
  readonly first: WaitResult;
  /** Waits until everything is ready and has been so for a time in milliseconds. */
  waiting(steadyMs: number): Promise<WaitResult>;
}

/** Asks the services, measures, and looks into the containers when that is wanted. */
export async function examine(
  running: Running,
  context: SimulateContext,
  steps: Steps,
): Promise<Examined> {
  const { request, sandbox, account, objects: inside, world, waiting } = running;
  const { clock, signal } = context;
  const stage = { kube: account, sandbox: sandbox.name, inside, world, clock, signal, waiting };
  const probed = await steps.run('probe', () => probeRelease(request, stage));
  const { usage, result } = await steps.run('measure', () => soak(running, context));
  const inspected =
    request.inspect && result.ended === 'ready'
      ? await steps.run('inspect', () => inspect(running, context))
      : undefined;
  return {
    ...probed,
    last: inspected?.last ?? result,
    containers: inspected?.containers ?? [],
    usage: {
      soakSeconds: Math.max(request.soakMs, leastSoakMs) / 1000,
      unavailable: usage.unavailable,
      containers: usage.containers,
    },
  };
}

/** Of a release that did not become ready. */
export function notExamined({ health }: SimulateRequest, steps: Steps): Examined {
  for (const name of ['probe', 'measure']) steps.skip(name);
  return {
    ...notProbed(health, 'the release did not become ready'),
    last: undefined,
    containers: [],
    usage: { soakSeconds: 0, unavailable: null, containers: [] },
  };
}

/** Milliseconds: what has no readiness probe is ready before its process had time to fail. */
const leastSoakMs = 2000;

/** Watches and measures at once; what breaks down ends both. */
async function soak(
  { request, sandbox, user, world, waiting }: Running,
  { signal }: SimulateContext,
) {
  const over = new AbortController();
  const [usage, result] = await Promise.all([
    measureUsage(user, sandbox.name, world, { until: over.signal, signal }),
    waiting(Math.max(request.soakMs, leastSoakMs)).finally(() => over.abort()),
  ]);
  return { usage, result };
}

/** Looks into the containers; the pods that end with that have to be replaced by others. */
async function inspect(
  { request, sandbox, user, account, objects, world, awaited, first, waiting }: Running,
  context: SimulateContext,
) {
  const { target } = request.kube;
  const asked = {
    ...{ awaited, inside: objects, helperImage: request.egress.canaryImage },
    ...{ readyAfterMs: first.readyAfterMs, readyMs: request.deadlines.readyMs },
    source: `${target.context}/${request.targetNamespace}`,
  };
  const { fieldManager } = sandbox;
  const place = { ...context, kube: account, user, world, fieldManager };
  const containers = await inspectContainers(asked, place);
  return { containers, last: await waiting(leastSoakMs) };
}
