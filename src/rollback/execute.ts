import type { Kube } from '../adapters/kube/kube.ts';
import { canonicalDigest } from '../core/canonical.ts';
import { Fault } from '../core/fault.ts';
import { numberAt } from '../validators/manifest/read.ts';
import type { Execution, RollbackPlan } from './observation.ts';
import { sendPatch } from './patch.ts';
import { digestsOf, restartsOf } from './pods.ts';
import type { Prepared, PreparedWorkload } from './prepare.ts';
import { probePods } from './probe.ts';
import type { RollbackContext, RollbackRequest } from './request.ts';
import { isReady } from './status.ts';
import { waitUntilWell } from './wait.ts';

/**
 * Carries the plan out, one workload after the other; the first that does not become well ends it.
 * @throws Fault `plan-stale` when an object was changed since the plan was made; what the adapters throw
 */
export async function executeRollback(
  { plan, workloads }: Prepared,
  request: RollbackRequest,
  context: RollbackContext,
): Promise<RollbackPlan> {
  const executions: Execution[] = [];
  for (const workload of workloads) {
    const execution = await executeOne(workload, request, context);
    executions.push(execution);
    if (execution.outcome !== 'healthy') break;
  }
  const { digest: _, ...seen } = { ...plan, executions };
  return { ...seen, digest: canonicalDigest(seen) };
}

async function executeOne(
  prepared: PreparedWorkload,
  request: RollbackRequest,
  context: RollbackContext,
): Promise<Execution> {
  const { plan, objects, target } = prepared;
  const { kube, clock, signal, say, warn } = context;
  const object = `${plan.kind.toLowerCase()}/${plan.name}`;
  if (target === null) throw new Error(`${object} has nothing to go back to`);
  const sent = await sendPatch(kube, objects.workload, target, { dryRun: false }, signal);
  if (!sent.sent) {
    throw new Fault(
      'plan-stale',
      `somebody changed ${object} after the plan was made; nothing was written to it`,
    );
  }
  const { written } = sent;
  if (written.outcome === 'refused') {
    throw new Fault(
      'cluster-failed',
      `${object}: refused what the dry run was allowed: ${written.status.message}`,
    );
  }
  const startedAt = clock.now().toISOString();
  const began = clock.monotonic();
  const before = plan.revisions.find((revision) => revision.current);
  const undo = `kubectl --context ${kube.target.context} -n ${plan.namespace} rollout undo ${object}`;
  say(`${object}: ordered back to revision ${target.number}`);
  let seen = `${object}: its pods have not been seen yet`;
  try {
    const deletedPods = plan.deletesStuckPods
      ? await deleteStuck(kube, plan, written.object.metadata.generation ?? 0, signal)
      : [];
    const waited = await waitUntilWell(prepared, request, context, (line) => {
      seen = `${object}: ${line}`;
      say(seen);
    });
    const probes =
      waited.outcome === 'healthy'
        ? await probePods(kube, waited.pods, request.health.get(plan.name) ?? [], signal)
        : [];
    const failed = probes.find(({ state }) => state === 'failed');
    return {
      kind: plan.kind,
      name: plan.name,
      startedAt,
      outcome: failed ? 'unhealthy' : waited.outcome,
      seconds: (waited.endedAt - began) / 1000,
      message: failed ? `${failed.path}: ${failed.message}` : waited.message,
      readyPods: waited.pods.filter(isReady).length,
      wantedPods: waited.wanted,
      restarts: waited.pods.reduce((sum, pod) => sum + restartsOf(pod), 0),
      digests: digestsOf(waited.pods),
      endpoints: waited.endpoints,
      probes,
      deletedPods,
      undo: before ? `${undo} --to-revision=${before.number}` : undo,
    };
  } catch (error) {
    // The order stands in the cluster, whoever watches it.
    warn(
      `${seen}\n${object}: the order to go back was given at ${startedAt} and is carried on by the cluster`,
    );
    warn(
      `  see it through: kubectl --context ${kube.target.context} -n ${plan.namespace} rollout status ${object}`,
    );
    throw error;
  }
}

/**
 * Deletes the pods once the controller knows the new template; before, it would make them again from the
 * old one.
 */
async function deleteStuck(
  kube: Kube,
  { kind, name, stuckPods, namespace }: PreparedWorkload['plan'],
  generation: number,
  signal: AbortSignal,
): Promise<string[]> {
  const found = { namespace, fieldSelector: `metadata.name=${name}` };
  for await (const event of kube.watch({ apiVersion: 'apps/v1', kind }, found, signal)) {
    if (event.type === 'synced') continue;
    if ((numberAt(event.object, 'status', 'observedGeneration') ?? 0) >= generation) break;
  }
  for (const pod of stuckPods) {
    const ref = { apiVersion: 'v1', kind: 'Pod', name: pod.name, namespace };
    const removed = await kube.remove(ref, { uid: pod.uid }, signal);
    // Gone already, or made again under the same name: either way that pod holds nothing up.
    if (removed.outcome === 'ok' || [404, 409].includes(removed.status.code)) continue;
    throw new Fault('cluster-denied', `pod ${pod.name} was not deleted: ${removed.status.message}`);
  }
  return stuckPods.map((pod) => pod.name);
}
