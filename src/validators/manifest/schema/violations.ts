import type { CheckContext } from '../../../core/check.ts';
import { Fault } from '../../../core/fault.ts';
import type { Draft } from '../../../core/finding.ts';
import { nearest } from '../../../core/suggest.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { type KubernetesApi, readSchemaPool, type Schema } from '../schema-pool.ts';
import { type CustomKind, customKinds } from './custom-resources.ts';
import { walk } from './walk.ts';

/** Where objects do not fit the schema of their kind, or have a kind nobody defines. */
export async function schemaViolations({
  target,
  notExamined,
}: CheckContext<ManifestSet>): Promise<Draft[]> {
  const api = await readApi(target.kubeVersion);
  const custom = customKinds(target);
  const definedHere = target.complete ? [...custom.keys()] : [];
  const ownGroups = new Set(
    [...api.kinds.keys(), ...definedHere].map((key) => groupOf(parentOf(key))),
  );
  return target.objects.flatMap((object) => {
    const key = `${object.apiVersion}/${object.kind}`;
    const schema = schemaOf(key, api, custom);
    if (schema) return violationsOf(object, schema, api);
    if (custom.has(key)) {
      notExamined(`${object.kind} ${object.name}`, 'its definition gives no readable schema');
      return [];
    }
    if (isForeign(object, api, ownGroups)) {
      const why = `no schema of ${object.apiVersion} is here; name its CustomResourceDefinition too`;
      notExamined(`${object.kind} ${object.name}`, why);
      return [];
    }
    return [unknownKind(object, api, custom)];
  });
}

/**
 * Whether a group is somebody else's, whose definition lives in the cluster. Kubernetes' own groups
 * have no dot or are served, others are defined in the set; a name one slip away from one of these,
 * with a kind of it, is a slip.
 */
function isForeign(
  { apiVersion, kind }: ManifestObject,
  api: KubernetesApi,
  ownGroups: ReadonlySet<string>,
): boolean {
  const group = groupOf(apiVersion);
  if (!group.includes('.') || ownGroups.has(group)) return false;
  const meant = nearest(group, ownGroups);
  const kinds = [...api.kinds.keys()].filter((key) => groupOf(parentOf(key)) === meant).map(kindOf);
  return !kinds.includes(kind);
}

async function readApi(kubeVersion: string | undefined): Promise<KubernetesApi> {
  const pool = await readSchemaPool();
  const api = pool.api(kubeVersion);
  if (api) return api;
  const known = pool.versions.join(', ');
  throw new Fault('config-invalid', `Kubernetes ${kubeVersion} is not known here; known: ${known}`);
}

function schemaOf(
  key: string,
  api: KubernetesApi,
  custom: ReadonlyMap<string, CustomKind>,
): Schema | undefined {
  const native = api.kinds.get(key);
  return native ? api.schema(native.schema) : custom.get(key)?.schema;
}

function violationsOf(object: ManifestObject, schema: Schema, api: KubernetesApi): Draft[] {
  return walk(object.value, schema, api.schema).map(({ messageId, path, part, data }) =>
    draftAt(object, path, messageId, { data, part }),
  );
}

function unknownKind(
  object: ManifestObject,
  api: KubernetesApi,
  custom: ReadonlyMap<string, CustomKind>,
): Draft {
  const { apiVersion, kind } = object;
  const keys = [...api.kinds.keys(), ...custom.keys()];
  const elsewhere = keys.filter((key) => kindOf(key) === kind).map(parentOf);
  const siblings = keys.filter((key) => parentOf(key) === apiVersion).map(kindOf);
  const candidate = nearest(kind, siblings) ?? nearest(kind, keys.map(kindOf));
  const hint = [
    ...(elsewhere.length > 0 ? [`; it is in ${elsewhere.join(' and ')}`] : []),
    ...(elsewhere.length === 0 && candidate !== undefined ? [`; did you mean ${candidate}?`] : []),
  ].join('');
  const data = { version: api.version, kind, apiVersion, hint };
  return draftAt(object, [elsewhere.length > 0 ? 'apiVersion' : 'kind'], 'unknown-kind', { data });
}

/** `apps/v1` of `apps/v1/Deployment`. */
function parentOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}

function kindOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** `apps` of `apps/v1`; the group of `v1` is the empty one. */
function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}
