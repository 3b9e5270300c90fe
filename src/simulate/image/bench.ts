import type { KubeObject } from '../../adapters/kube/kube.ts';
import { Fault } from '../../core/fault.ts';
import type { Bench, OutputOptions } from '../../probe/bench.ts';
import { type Probed, probeOn } from '../../probe/probe.ts';
import type { ProbeRequest } from '../../probe/request.ts';
import { partAt } from '../../validators/manifest/read.ts';
import { newIdentity } from '../identity.ts';
import { ownNamespace } from '../own-namespace.ts';
import { createRecorder } from '../recorder.ts';
import { defaultDeadlines } from '../request.ts';
import { stopPods } from '../runtime/restart.ts';
import { makeSandbox } from '../sandbox.ts';
import { openWorld, viewOf } from '../world.ts';
import { lookUpImage } from './image.ts';
import { addable, askedLevel, proveAtStrictest } from './level.ts';
import { filesOf } from './look.ts';
import { asksHealth, containerName, variablesSecret } from './pod.ts';
import { runsNow } from './runs-now.ts';
import { removePod, startPod } from './start.ts';
import { stateOf, statusOf } from './state.ts';
import { lookAtUsers } from './users.ts';
import type { PodContext, PodYard } from './yard.ts';

/** Runs of one image at most, the search for capabilities among them; the account of the namespace lasts as long. */
const mostRuns = 48;

/** Nothing of a release is in it, and no namespace is its model. */
const emptyPlan = {
  ...{ inside: [], clusterScoped: [], rewrites: [], notSimulated: [] },
  namespaces: [
    { value: { metadata: { labels: askedLevel } }, file: null, line: null, service: null },
  ],
} as const;
const noTarget = { name: '', namespace: undefined, quotas: [], ranges: [], nodes: 1 } as const;

const cannot = {
  'no-network':
    'a pod has a network before any policy holds for it; without --in-cluster the engine starts it without one',
  'second-start':
    'the folders of a pod go with it; without --in-cluster the engine starts it again on them',
} as const;

/**
 * Runs an image as pods of a temporary namespace, which goes with the scope.
 * @throws Fault `reference-invalid`, `cluster-denied`, `cluster-failed`, `cluster-unreachable`; for an image that nodes
 * cannot have `input-missing`, `image-unreadable`, `registry-denied`, `registry-unreachable`
 */
export async function probeInCluster(request: ProbeRequest, context: PodContext): Promise<Probed> {
  const image = await lookUpImage(request.image, context.registry, context.signal);
  const yard = await openYard(request, image, context);
  return probeOn(benchOf(yard));
}

async function openYard(
  request: ProbeRequest,
  image: PodYard['image'],
  context: PodContext,
): Promise<PodYard> {
  const { clock, scope, signal, egress, toolVersion, kubeconfig, say } = context;
  const { cleanUpMs } = defaultDeadlines;
  const oneMs = request.readyMs + request.settleMs + request.graceSeconds * 1000;
  const deadlines = { readyMs: mostRuns * oneMs, cleanUpMs };
  const identity = newIdentity(clock, { deadlines, soakMs: 0, inspect: false });
  const { namespace, fieldManager } = identity;
  // Nothing is written anywhere else, whatever a fault of ours would make of it.
  const kube = createRecorder(namespace).watchOver(context.kube, 'user');
  await ownNamespace(kube, identity, { cleanUpMs, kubeconfig }, { scope, clock, say });
  say(`in the temporary namespace ${namespace}`);
  const parts = { identity, plan: emptyPlan, target: noTarget, egress, pods: true, toolVersion };
  const sandbox = await makeSandbox(parts, kube, signal);
  await scope.defer('connections of the temporary namespace', () => sandbox.kube.close());
  const secret = variablesSecret(namespace, request.environment);
  const written = await sandbox.kube.create(secret, { fieldManager }, signal);
  if (written.outcome === 'refused') {
    const { message } = written.status;
    throw new Fault('cluster-failed', `the cluster does not take the variables: ${message}`);
  }
  const world = await openWorld(kube, namespace, [], signal);
  await scope.defer('watches of the temporary namespace', async () => {
    await world[Symbol.asyncDispose]();
  });
  let made = 0;
  return {
    ...{ ...context, kube, request, image, sandbox, world },
    place: `pods in ${kube.target.context}/${namespace}`,
    nextName: () => `probe-${++made}`,
  };
}

function benchOf(yard: PodYard): Bench {
  const { request, image, sandbox, world, clock, signal } = yard;
  const podOf = (name: string): KubeObject | undefined =>
    [...world.current().objects.values()].find(
      ({ kind, metadata }) => kind === 'Pod' && metadata.name === name,
    );
  const isHealth = asksHealth(request, image.healthCheck);
  const bench: Bench = {
    ...yard,
    seccomp: { inForce: true, whose: "the node's" },
    capabilities: addable,
    cannot,
    start: (settings) => startPod(settings, yard),
    async inspect(name) {
      const pod = podOf(name);
      return pod && stateOf(pod, viewOf(world.current()), isHealth);
    },
    runsNow: (name) => runsNow(podOf(name), yard),
    async answers(name) {
      const pod = podOf(name);
      return pod !== undefined && partAt(statusOf(pod), 'ready') === true;
    },
    output: (name, options) => outputOf(name, options, yard),
    look: (name) => filesOf(podOf(name), yard),
    users: (name, main) => lookAtUsers(name, main, yard),
    written: async () => ({ why: 'a kubelet does not tell what a container wrote' }),
    limits: async (name) => (await filesOf(podOf(name), yard)).limits,
    async stop(name) {
      const pod = podOf(name);
      if (!pod) return { why: 'somebody removed its pod' };
      const stops = await stopPods([pod], { kube: sandbox.kube, world, clock, signal });
      return stops.get(`${name}/${containerName}`) ?? { why: 'its pod has no container' };
    },
    remove: (name) => removePod(name, yard),
    prove: (settings) => proveAtStrictest(settings, bench, yard),
  };
  return bench;
}

/** A kubelet keeps both outputs as one. */
async function outputOf(
  name: string,
  { tail, maxBytes }: OutputOptions,
  { sandbox, signal }: PodYard,
): ReturnType<Bench['output']> {
  const options = {
    ...{ container: containerName, tailLines: tail },
    limitBytes: maxBytes ?? defaultBytes,
  };
  const pod = { name, namespace: sandbox.seen.name };
  const answer = await sandbox.kube.logs(pod, options, signal);
  if (answer.outcome === 'refused') return undefined;
  const parts: Buffer[] = [];
  for await (const part of answer.stream) parts.push(Buffer.from(part));
  return { stdout: Buffer.concat(parts).toString('utf8'), stderr: '' };
}

const defaultBytes = 1024 * 1024;
