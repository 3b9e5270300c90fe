import { send } from './apply.ts';
import { compareLive, managerOf } from './compare-live.ts';
import { notDeployed } from './deploy.ts';
import { keepJson } from './evidence.ts';
import { objectText } from './object-id.ts';
import type { NotSimulated, ObjectDiff, Simulation } from './observation.ts';
import { assemble, gapsOf } from './observed.ts';
import { type PlannedObject, planOf } from './plan.ts';
import { createRecorder } from './recorder.ts';
import type { SimulateContext, SimulateRequest } from './request.ts';
import { createSteps } from './steps.ts';
import { lookAtTarget } from './target-namespace.ts';

const ownManager = 'deploycheck';

/** Asks the API server what the release would change about the target. Nothing is stored anywhere. */
export async function diffOnly(
  request: SimulateRequest,
  context: SimulateContext,
): Promise<Simulation> {
  const { signal, clock } = context;
  const startedAt = clock.now();
  // No namespace may be written to, so every request but a dry run is stopped.
  const recorder = createRecorder(undefined);
  const user = recorder.watchOver(request.kube, 'user');
  const steps = createSteps(context);
  const { plan, target, version } = await steps.run('look', async () => {
    const made = await planOf(request, undefined, signal);
    const [seen, served] = await Promise.all([
      lookAtTarget(user, request.targetNamespace, made, signal),
      user.version(signal),
    ]);
    return { plan: made, target: seen, version: served.gitVersion };
  });

  const exists = target.namespace !== undefined;
  const askable = exists ? [...plan.inside, ...plan.clusterScoped] : plan.clusterScoped;
  const unaskable = exists ? [] : plan.inside;
  const answered = await steps.run('dry-run', async () => {
    const byManager = new Map<string, PlannedObject[]>();
    for (const planned of askable) {
      const manager = await managerOf(user, planned, ownManager, signal);
      byManager.set(manager, [...(byManager.get(manager) ?? []), planned]);
    }
    const answers = [];
    for (const [fieldManager, objects] of byManager) {
      answers.push(await send(user, objects, { during: 'dry-run', fieldManager }, signal));
    }
    return answers;
  });
  const accepted = answered.flatMap((answer) => answer.accepted);
  const diff = await compareLive(user, accepted, 'live', signal);
  const created = unaskable.map(
    ({ id }): ObjectDiff => ({ object: id, change: 'created', fields: [] }),
  );
  const all = [...diff, ...created];
  await keepJson(context, 'simulation-diff', all, 'server-side dry run against the target');
  return assemble({
    request,
    startedAt,
    version,
    exists,
    sandbox: null,
    steps: steps.records,
    rewrites: [],
    notSimulated: [
      ...plan.notSimulated,
      ...gapsOf(plan, request, { given: [], missing: [] }, null),
      ...unaskable.map(({ id }) => notAsked(objectText(id))),
    ],
    refusals: answered.flatMap((answer) => answer.refusals),
    warnings: answered.flatMap((answer) => answer.warnings),
    diff: all,
    secrets: { given: [], missing: [] },
    deployed: notDeployed(request),
    isolation: {
      writes: [...recorder.writes],
      ...{ changes: [], compared: 0, notCompared: [], permissions: [], permissionsAsked: false },
    },
    removal: null,
  });
}

function notAsked(what: string): NotSimulated {
  return { what, why: 'its namespace does not exist yet, so no dry run can see it', open: true };
}
