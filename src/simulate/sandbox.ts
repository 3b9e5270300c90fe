import type { Kube, KubeObject, Resource } from '../adapters/kube/kube.ts';
import { concurrently } from '../core/concurrently.ts';
import { Fault } from '../core/fault.ts';
import { recordAt } from '../validators/manifest/read.ts';
import { accountObjects, asAccount, untilAllowed } from './account.ts';
import { closeEgress, type EgressRequest } from './close-egress.ts';
import { type Identity, labelText, labelTime, managedBy, marks } from './identity.ts';
import { limitsFor, type SandboxLimit } from './limits.ts';
import type { Sandbox } from './observation.ts';
import type { Plan } from './plan.ts';
import { podSecurityLabels } from './pod-security.ts';
import type { TargetSeen } from './target-namespace.ts';
import { untilSeen, within } from './until.ts';

export interface MadeSandbox {
  readonly seen: Sandbox;
  /** The API as the account that may write in the sandbox and nowhere else. */
  readonly kube: Kube;
}

/** Milliseconds; controllers answer a new namespace within one second. */
const settleMs = 30_000;

export interface SandboxRequest {
  readonly identity: Identity;
  readonly plan: Plan;
  readonly target: TargetSeen;
  readonly egress: EgressRequest;
  /** Whether the account may also look into pods, make and remove them. */
  readonly pods: boolean;
  readonly toolVersion: string;
}

/**
 * Makes the temporary namespace and what belongs to it.
 * @param user the API as the person, watched over by the recorder
 * @throws Fault `cluster-denied` when the person may not make one of its parts
 */
export async function makeSandbox(
  { identity, plan, target, egress, pods, toolVersion }: SandboxRequest,
  user: Kube,
  signal: AbortSignal,
): Promise<MadeSandbox> {
  const { namespace: name, run, expires, fieldManager } = identity;
  const podSecurity = podSecurityLabels(
    target.namespace,
    ...plan.namespaces.map(({ value }) => value),
  );
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: {
        [marks.managedBy]: managedBy,
        [marks.run]: run,
        [marks.expires]: labelTime(expires),
        [marks.owner]: labelText(user.target.user),
        ...podSecurity,
      },
      annotations: { [marks.tool]: toolVersion, [marks.owner]: user.target.user },
    },
  };
  // To its end even when the run is interrupted: one that was asked for must be found at clean-up.
  const made = await required(user, namespace, fieldManager, AbortSignal.timeout(settleMs));
  signal.throwIfAborted();
  const release = plan.inside.map(({ object }) => object);
  const limits = limitsFor(name, release, target, target.nodes);
  const account = accountObjects(
    name,
    plan.inside,
    await resourcesFor(user, release, signal),
    pods,
  );
  await concurrently([...limits.map(({ object }) => object), ...account], 8, (object) =>
    required(user, object, fieldManager, signal),
  );
  const kube = await asAccount(user, name, identity.lifetime, signal);
  const settled = await within(settleMs, signal, (inTime) =>
    Promise.all([
      untilAllowed(kube, name, plan.inside, inTime),
      untilDefaultAccount(user, name, inTime),
      untilCounted(user, name, limits, inTime),
    ]),
  );
  if (settled === undefined) {
    throw new Fault(
      'cluster-failed',
      `${user.target.server}: the namespace ${name} was not ready for pods within ${settleMs / 1000} s; are the controllers running?`,
    );
  }
  const seen: Sandbox = {
    name,
    uid: made.metadata.uid ?? '',
    run,
    expiresAt: expires.toISOString(),
    fieldManager,
    podSecurity,
    egress: await closeEgress(user, name, egress, fieldManager, signal),
    limits: limits.map(({ from, object }) => ({ name: object.metadata.name, from })),
  };
  return { seen, kube };
}

/** @throws Fault `cluster-denied` (403) or `cluster-failed` */
async function required(
  kube: Kube,
  object: KubeObject,
  fieldManager: string,
  signal: AbortSignal,
): Promise<KubeObject> {
  const written = await kube.create(object, { fieldManager }, signal);
  if (written.outcome === 'ok') return written.object;
  const { code, message } = written.status;
  throw new Fault(
    code === 403 ? 'cluster-denied' : 'cluster-failed',
    `${kube.target.server} (context ${kube.target.context}) does not make the ${object.kind} ${object.metadata.name} that a simulation needs: ${message}`,
  );
}

async function resourcesFor(
  kube: Kube,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<Map<string, Resource>> {
  const found = new Map<string, Resource>();
  for (const object of objects) {
    const resource = await kube.resourceFor(object, signal);
    if (resource) found.set(`${object.apiVersion} ${object.kind}`, resource);
  }
  return found;
}

/** No pod is let in before it is there. */
function untilDefaultAccount(kube: Kube, namespace: string, signal: AbortSignal): Promise<void> {
  const options = { namespace, fieldSelector: 'metadata.name=default' };
  const kind = { apiVersion: 'v1', kind: 'ServiceAccount' };
  return untilSeen(kube, kind, options, () => true, signal);
}

/** A quota refuses everything until it has been counted once. */
async function untilCounted(
  kube: Kube,
  namespace: string,
  limits: readonly SandboxLimit[],
  signal: AbortSignal,
): Promise<void> {
  const waiting = new Set(
    limits
      .filter(({ object }) => object.kind === 'ResourceQuota')
      .map(({ object }) => object.metadata.name),
  );
  const counted = (object: KubeObject) => {
    if ('hard' in recordAt(object, 'status')) waiting.delete(object.metadata.name);
    return waiting.size === 0;
  };
  const kind = { apiVersion: 'v1', kind: 'ResourceQuota' };
  await untilSeen(kube, kind, { namespace }, counted, signal);
}
