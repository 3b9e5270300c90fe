import { type Answered, send } from './apply.ts';
import { compareLive } from './compare-live.ts';
import { type Deployed, deploy, notDeployed } from './deploy.ts';
import { diffOnly } from './diff-only.ts';
import { keepJson } from './evidence.ts';
import { newIdentity } from './identity.ts';
import type { Simulation } from './observation.ts';
import { assemble, gapsOf } from './observed.ts';
import { ownNamespace } from './own-namespace.ts';
import { writesAllowedIn } from './permissions.ts';
import { planOf } from './plan.ts';
import { proveIsolation } from './prove.ts';
import { createRecorder } from './recorder.ts';
import type { SimulateContext, SimulateRequest } from './request.ts';
import { makeSandbox } from './sandbox.ts';
import { newSnapshotKey, takeSnapshot } from './snapshot.ts';
import { standInsFor } from './stand-ins.ts';
import { createSteps } from './steps.ts';
import { lookAtTarget } from './target-namespace.ts';

/**
 * Deploys a release into a temporary namespace, sees what becomes of it, and removes it.
 * @returns what was seen, for rules to judge
 * @throws Fault `cluster-unreachable`, `cluster-denied`, `cluster-failed`, `namespace-missing`; the signal's reason
 */
export async function simulate(
  request: SimulateRequest,
  context: SimulateContext,
): Promise<Simulation> {
  if (request.diffOnly) return diffOnly(request, context);
  const { signal, clock, onEvent } = context;
  const startedAt = clock.now();
  const identity = newIdentity(clock, request);
  const { namespace: sandboxName, fieldManager } = identity;
  const recorder = createRecorder(sandboxName);
  const user = recorder.watchOver(request.kube, 'user');
  const steps = createSteps(context);
  const snapshotOptions = { sandbox: sandboxName, key: newSnapshotKey() };

  const { plan, target, version } = await steps.run('rewrite', async () => {
    const made = await planOf(request, sandboxName, signal);
    const [seen, served] = await Promise.all([
      lookAtTarget(user, request.targetNamespace, made, signal),
      user.version(signal),
    ]);
    return { plan: made, target: seen, version: served.gitVersion };
  });
  const before = takeSnapshot(user, snapshotOptions, signal);
  // It is awaited at the end; a failure until then must not count as unheard.
  before.catch(() => undefined);

  const removing = await ownNamespace(
    user,
    identity,
    { ...request.deadlines, kubeconfig: request.kubeconfig },
    { ...context, say: (text) => onEvent({ type: 'note', text }) },
  );
  const sandbox = await steps.run('prepare', () => {
    const { egress, toolVersion } = request;
    const pods = replacesPods(request);
    return makeSandbox({ identity, plan, target, egress, pods, toolVersion }, user, signal);
  });

  const { answered, standIns, permissions } = await steps.run('dry-run', async () => {
    const options = { during: 'dry-run', fieldManager } as const;
    const [inside, clusterScoped, made, allowed] = await Promise.all([
      send(sandbox.kube, plan.inside, options, signal),
      send(user, plan.clusterScoped, options, signal),
      standInsFor(plan, { ...request, kube: user, sandbox: sandboxName }, signal),
      writesAllowedIn(
        sandbox.kube,
        request.targetNamespace,
        plan.inside.map(({ object }) => object),
        signal,
      ),
    ]);
    return { answered: joined(inside, clusterScoped), standIns: made, permissions: allowed };
  });
  const diff = await compareLive(user, answered.accepted, 'sandbox', signal);
  await keepJson(context, 'simulation-diff', diff, 'server-side dry run compared with the target');
  await keepJson(context, 'simulation-rewrites', plan.rewrites, 'rewritten by deploycheck');

  const acceptedIds = new Set(answered.accepted.map(({ planned }) => planned));
  const objects = [...standIns.objects, ...plan.inside.filter((entry) => acceptedIds.has(entry))];
  const startable = standIns.secrets.missing.length === 0 && objects.length > 0;
  const deployed: Deployed = startable
    ? await deploy(
        { request, sandbox: sandbox.seen, user, account: sandbox.kube, objects },
        context,
        steps,
      )
    : notDeployed(request);
  if (!startable) for (const name of ['apply', 'wait', 'probe', 'measure']) steps.skip(name);
  onEvent({ type: 'note', text: `the verdict is in: ${deployed.ended}; removing ${sandboxName}` });

  const removal = await steps.run('clean up', () => removing(signal));
  const isolation = await steps.run('prove', async () => {
    const after = await takeSnapshot(user, snapshotOptions, signal);
    const snapshots = { before: await before, after, began: startedAt, fieldManager };
    return proveIsolation(snapshots, recorder.writes, permissions, context);
  });
  return assemble({
    request,
    startedAt,
    version,
    exists: target.namespace !== undefined,
    sandbox: sandbox.seen,
    steps: steps.records,
    rewrites: [...plan.rewrites, ...standIns.rewrites],
    notSimulated: [...plan.notSimulated, ...gapsOf(plan, request, standIns.secrets, sandbox.seen)],
    refusals: [...answered.refusals, ...deployed.refusals],
    warnings: answered.warnings,
    diff,
    secrets: standIns.secrets,
    deployed,
    isolation,
    removal,
  });
}

function joined(...answers: readonly Answered[]): Answered {
  return {
    accepted: answers.flatMap(({ accepted }) => accepted),
    refusals: answers.flatMap(({ refusals }) => refusals),
    warnings: answers.flatMap(({ warnings }) => warnings),
  };
}

/** Whether pods are looked into or replaced, as some scenarios want. */
function replacesPods({ inspect, health }: SimulateRequest): boolean {
  const steps = health.flatMap(({ behaviour }) =>
    (behaviour?.scenarios ?? []).flatMap((s) => s.steps),
  );
  return inspect || steps.some((step) => 'restart' in step);
}
