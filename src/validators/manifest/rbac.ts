import type { Draft } from '../../core/finding.ts';
import { draftAt } from './finding.ts';
import { objectsOf } from './kinds.ts';
import type { ManifestObject, ManifestSet } from './load.ts';
import { listAt, type Path, stringAt } from './read.ts';

const group = 'rbac.authorization.k8s.io';
const versions = ['v1', 'v1beta1', 'v1alpha1'].map((version) => `${group}/${version}`);

const objectsOfKinds = (set: ManifestSet, kinds: readonly string[]): readonly ManifestObject[] =>
  versions.flatMap((version) => kinds.flatMap((kind) => objectsOf(set, version, kind)));

/** Roles of a namespace and of the cluster. */
export function rolesOf(set: ManifestSet): readonly ManifestObject[] {
  return objectsOfKinds(set, ['Role', 'ClusterRole']);
}

export interface Subject {
  readonly kind: string;
  readonly name: string;
  /** That of a service account; the binding's own when it names none. */
  readonly namespace: string | null;
  readonly path: Path;
}

/** Who is given which role. */
export interface Binding {
  readonly object: ManifestObject;
  readonly roleKind: string;
  readonly roleName: string;
  readonly subjects: readonly Subject[];
}

export function bindingsOf(set: ManifestSet): readonly Binding[] {
  return objectsOfKinds(set, ['RoleBinding', 'ClusterRoleBinding']).map((object) => ({
    object,
    roleKind: stringAt(object.value, 'roleRef', 'kind') ?? '',
    roleName: stringAt(object.value, 'roleRef', 'name') ?? '',
    subjects: listAt(object.value, 'subjects').map((subject, index) => ({
      kind: stringAt(subject, 'kind') ?? '',
      name: stringAt(subject, 'name') ?? '',
      namespace: stringAt(subject, 'namespace') ?? object.namespace,
      path: ['subjects', index],
    })),
  }));
}

/** What a role may be found to allow: any of the verbs on any of the resources. */
export interface Right {
  readonly messageId: string;
  readonly apiGroup: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** True when a rule for named objects is as bad as one for all; otherwise such a rule is let be. */
  readonly evenIfNamed?: boolean;
}

/**
 * The rules of roles that allow what is described, each named once with all of it. A wildcard among
 * resources or verbs counts as nothing here: manifest/rbac-wildcard reports it, and what it stands for.
 */
export function draftsOfRights(set: ManifestSet, rights: readonly Right[]): Draft[] {
  return rolesOf(set).flatMap((role) =>
    listAt(role.value, 'rules').flatMap((rule, index) =>
      rights.flatMap((right) => draftOfRight(role, rule, index, right) ?? []),
    ),
  );
}

function draftOfRight(
  role: ManifestObject,
  rule: unknown,
  index: number,
  { messageId, apiGroup, resources, verbs, evenIfNamed = false }: Right,
): Draft | undefined {
  const groups = listAt(rule, 'apiGroups');
  if (!groups.includes(apiGroup) && !groups.includes('*')) return undefined;
  if (!evenIfNamed && listAt(rule, 'resourceNames').length > 0) return undefined;
  const given = listAt(rule, 'resources');
  const found = resources.filter((resource) => given.includes(resource));
  const allowed = listAt(rule, 'verbs');
  const able = verbs.filter((verb) => allowed.includes(verb));
  const [first] = found;
  if (first === undefined || able.length === 0) return undefined;
  const path = ['rules', index, 'resources', given.indexOf(first)];
  const data = {
    kind: role.kind,
    name: role.name,
    verbs: able.join(', '),
    resources: found.join(', '),
  };
  return draftAt(role, path, messageId, { data });
}
