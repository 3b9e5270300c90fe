import type { CheckContext } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { nearest } from '../../../core/suggest.ts';
import { isDefinition } from '../beside.ts';
import { draftAt } from '../finding.ts';
import { groupOf, keyOf, kindOf, parentOf } from '../kind-key.ts';
import { type KubeTargets, kubeTargetsOf, versionsText } from '../kube-targets.ts';
import { compareVersions, isGone } from '../lifecycle.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import type { Schema } from '../pool-file.ts';
import type { KubernetesApi, SchemaPool } from '../schema-pool.ts';
import type { CustomKind } from './custom-resources.ts';
import { fixOf } from './fixes.ts';
import { type Violation, walk } from './walk.ts';

interface UnknownKind {
  readonly messageId: 'unknown-kind';
  readonly path: readonly string[];
  readonly part: 'value';
  readonly data: Readonly<Record<string, string>>;
}

/** What one version of Kubernetes has against an object, or why that cannot be said. */
type Judgement = readonly (Violation | UnknownKind)[] | { readonly why: string };

/** One version, and what the set itself brings. */
interface World {
  readonly api: KubernetesApi;
  readonly pool: SchemaPool;
  readonly custom: ReadonlyMap<string, CustomKind>;
  /** Groups that Kubernetes or the set owns. */
  readonly groups: ReadonlySet<string>;
}

/** Where objects do not fit the schema of their kind, or have a kind nobody defines. */
export async function schemaViolations({
  target,
  notExamined,
}: CheckContext<ManifestSet>): Promise<Draft[]> {
  const worlds = worldsOf(target, await kubeTargetsOf(target), await customKindsOf(target));
  return target.objects.flatMap((object) => {
    const judged = worlds.map((world) => ({ api: world.api, judgement: judge(object, world) }));
    const reasons = judged.flatMap(({ judgement }) => ('why' in judgement ? [judgement.why] : []));
    for (const why of new Set(reasons)) notExamined(`${object.kind} ${object.name}`, why);
    return merged(object, judged);
  });
}

/** What reads definitions is loaded where there are some. */
async function customKindsOf(set: ManifestSet): Promise<World['custom']> {
  if (set.definitions.length === 0 && !set.objects.some(isDefinition)) return new Map();
  const { customKinds } = await import('./custom-resources.ts');
  return customKinds(set);
}

function worldsOf(
  target: ManifestSet,
  { pool, apis }: KubeTargets,
  custom: World['custom'],
): World[] {
  const definedHere = target.complete ? [...custom.keys()] : [];
  return apis.map((api) => {
    const groups = new Set(
      [...api.kinds.keys(), ...definedHere].map((key) => groupOf(parentOf(key))),
    );
    return { api, pool, custom, groups };
  });
}

/** What several versions say in the same words is said once, with their names. */
function merged(
  object: ManifestObject,
  judged: readonly { readonly api: KubernetesApi; readonly judgement: Judgement }[],
): Draft[] {
  const found = new Map<string, { said: Violation | UnknownKind; by: KubernetesApi[] }>();
  for (const { api, judgement } of judged) {
    if ('why' in judgement) continue;
    for (const said of judgement) {
      // Versions know different fields to mean; the newest one's guess is kept.
      const { hint: _, ...data } = said.data;
      const key = JSON.stringify([said.messageId, said.path, data]);
      found.set(key, { said, by: [...(found.get(key)?.by ?? []), api] });
    }
  }
  return [...found.values()].map(({ said, by }) => {
    const { messageId, path, part, data } = said;
    const versions = versionsText(by);
    const named =
      messageId === 'unknown-kind'
        ? { versions }
        : { where: judged.length > 1 ? ` (Kubernetes ${versions})` : '' };
    const fix = by.length === judged.length ? fixOf(object, said) : undefined;
    return draftAt(object, path, messageId, { data: { ...data, ...named }, part, fix });
  });
}

function judge(object: ManifestObject, world: World): Judgement {
  const { api, pool, custom } = world;
  const key = keyOf(object);
  const native = api.kinds.get(key);
  const schema: Schema | undefined = native ? api.schema(native.schema) : custom.get(key)?.schema;
  if (schema) return walk(object.value, schema, api.schema);
  if (custom.has(key)) return { why: 'its definition gives no readable schema' };
  if (isGone(key, pool.lifecycle(key), api)) {
    return { why: `Kubernetes ${api.version} has no ${object.apiVersion} ${object.kind} any more` };
  }
  if (isForeign(object, world)) {
    const why = `no schema of ${object.apiVersion} is here; name its CustomResourceDefinition too`;
    return { why };
  }
  return [unknownKind(object, world)];
}

/**
 * Whether a group is somebody else's, whose definition lives in the cluster. Kubernetes' own groups
 * have no dot or are served, others are defined in the set; a name one slip away from one of these,
 * with a kind of it, is a slip.
 */
function isForeign({ apiVersion, kind }: ManifestObject, { api, pool, groups }: World): boolean {
  const group = groupOf(apiVersion);
  if (!group.includes('.') || groups.has(group)) return false;
  if (pool.lifecycle(`${apiVersion}/${kind}`)) return false;
  const meant = nearest(group, groups);
  const kinds = [...api.kinds.keys()].filter((key) => groupOf(parentOf(key)) === meant).map(kindOf);
  return !kinds.includes(kind);
}

function unknownKind(object: ManifestObject, { api, pool, custom }: World): UnknownKind {
  const { apiVersion, kind } = object;
  const keys = [...api.kinds.keys(), ...custom.keys()];
  const elsewhere = keys.filter((key) => kindOf(key) === kind).map(parentOf);
  const { introduced } = pool.lifecycle(keyOf(object)) ?? {};
  const hints = [
    ...(introduced !== undefined && compareVersions(introduced, api.version) > 0
      ? [`it comes with Kubernetes ${introduced}`]
      : []),
    ...(elsewhere.length > 0 ? [`it is in ${elsewhere.join(' and ')}`] : []),
  ];
  const siblings = keys.filter((key) => parentOf(key) === apiVersion).map(kindOf);
  const candidate =
    hints.length > 0 ? undefined : (nearest(kind, siblings) ?? nearest(kind, keys.map(kindOf)));
  const guess = candidate === undefined ? [] : [`did you mean ${candidate}?`];
  const hint = [...hints, ...guess].map((text) => `; ${text}`).join('');
  const data = { kind, apiVersion, hint };
  const path = [elsewhere.length > 0 ? 'apiVersion' : 'kind'];
  return { messageId: 'unknown-kind', path, part: 'value', data };
}
