import type { Kube, KubeObject } from '../adapters/kube/kube.ts';
import { concurrently } from '../core/concurrently.ts';
import { stringAt } from '../validators/manifest/read.ts';
import { hookOf } from './hooks.ts';
import { groupOf, idOf, objectText } from './object-id.ts';
import type { NotSimulated, ObjectId, Rewrite } from './observation.ts';
import type { ReleaseObject, SimulateRequest } from './request.ts';
import { classKinds } from './rewrite/classes.ts';
import { appliable, rewriteObject } from './rewrite/rewrite.ts';

export interface PlannedObject {
  readonly id: ObjectId;
  readonly kind: string;
  readonly service: string | null;
  /** As the release has it. */
  readonly original: KubeObject;
  /** As it goes into the sandbox. */
  readonly object: KubeObject;
}

/** What becomes of each object of the release. */
export interface Plan {
  readonly inside: readonly PlannedObject[];
  /** Cluster-scoped: dry-run only. */
  readonly clusterScoped: readonly PlannedObject[];
  /** Namespaces of the release; their labels count, they themselves are not made. */
  readonly namespaces: readonly ReleaseObject[];
  readonly rewrites: readonly Rewrite[];
  readonly notSimulated: readonly NotSimulated[];
}

/** @param sandbox name of the temporary namespace; undefined when objects stay as they are */
export async function planOf(
  request: SimulateRequest,
  sandbox: string | undefined,
  signal: AbortSignal,
): Promise<Plan> {
  const { kube, images, replicas, targetNamespace } = request;
  const namespaces = request.objects.filter(({ value }) => isNamespace(value));
  const others = request.objects.filter(({ value }) => !isNamespace(value));
  const named = others.flatMap(({ value }) => stringAt(value, 'metadata', 'namespace') ?? []);
  const sources = new Set([targetNamespace, ...named]);
  const ownKinds = customKindsOf(others);
  const newClasses = await newClassesOf(others, kube, signal);
  const inside = new Map<string, PlannedObject>();
  const clusterScoped: PlannedObject[] = [];
  const rewrites: Rewrite[] = [];
  const notSimulated: NotSimulated[] = [];

  for (const entry of others) {
    const id = idOf(entry);
    const { apiVersion, kind } = id;
    const resource = await kube.resourceFor({ apiVersion, kind }, signal);
    const planned = { id, kind, service: entry.service };
    const hook = hookOf(entry.value);
    if (hook) notSimulated.push(gap(id, hook.why, false));
    if (hook?.isMade === false) continue;
    if (resource === undefined && ownKinds.has(`${groupOf(apiVersion)}/${kind}`)) {
      notSimulated.push(gap(id, 'its CustomResourceDefinition is not in the cluster yet', false));
      continue;
    }
    if (resource?.namespaced === false) {
      const original = appliable(entry.value);
      clusterScoped.push({ ...planned, original, object: original });
      continue;
    }
    const original = inNamespace(appliable(entry.value), targetNamespace);
    const made =
      sandbox === undefined
        ? { object: original, rewrites: [] }
        : rewriteObject(entry.value, { sandbox, sources, images, replicas, newClasses });
    const key = `${groupOf(apiVersion)}/${kind}/${made.object.metadata.name}`;
    const twin = inside.get(key);
    if (twin && twin.id.namespace !== id.namespace) {
      notSimulated.push(
        gap(id, `its name is taken in the sandbox by the one of ${twin.id.namespace}`, true),
      );
      continue;
    }
    if (twin) notSimulated.push(gap(twin.id, 'it is given twice, and the later one counts', false));
    inside.set(key, { ...planned, original, object: made.object });
    rewrites.push(...made.rewrites);
  }
  if (sandbox !== undefined) {
    for (const { id } of clusterScoped) {
      notSimulated.push(gap(id, 'cluster-scoped: only the dry run saw it', false));
    }
  }
  return { inside: [...inside.values()], clusterScoped, namespaces, rewrites, notSimulated };
}

function gap(id: ObjectId, why: string, open: boolean): NotSimulated {
  return { what: objectText(id), why, open };
}

function isNamespace(value: unknown): boolean {
  return stringAt(value, 'apiVersion') === 'v1' && stringAt(value, 'kind') === 'Namespace';
}

function inNamespace(object: KubeObject, fallback: string): KubeObject {
  const namespace = object.metadata.namespace ?? fallback;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

/** `StorageClass/fast`: classes that the release brings and the cluster does not have. */
async function newClassesOf(
  objects: readonly ReleaseObject[],
  kube: Kube,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const brought = objects
    .map(idOf)
    .filter(({ kind }) => classKinds.some((known) => known === kind));
  const found = await concurrently(brought, 6, async (id) => {
    const { apiVersion, kind, name } = id;
    const live = await kube.get({ apiVersion, kind, name }, signal);
    return live ? [] : [objectText(id)];
  });
  return new Set(found.flat());
}

/** `group/Kind` that the release itself defines. */
function customKindsOf(objects: readonly ReleaseObject[]): ReadonlySet<string> {
  return new Set(
    objects
      .filter(({ value }) => stringAt(value, 'kind') === 'CustomResourceDefinition')
      .map(
        ({ value }) =>
          `${stringAt(value, 'spec', 'group')}/${stringAt(value, 'spec', 'names', 'kind')}`,
      ),
  );
}

/** What runs, and yet nothing outside of the cluster was asked to take part. */
export function unreachedOf(plan: Plan): NotSimulated[] {
  return plan.inside.flatMap(({ id, original }): NotSimulated[] => {
    const type = stringAt(original, 'spec', 'type');
    if (id.kind === 'Service' && type === 'LoadBalancer') {
      return [gap(id, 'no load balancer is made', false)];
    }
    if (id.kind === 'Ingress') return [gap(id, 'made for a host that nobody asks for', false)];
    if (id.kind === 'CronJob') return [gap(id, 'suspended, so its Jobs did not run', false)];
    return [];
  });
}
