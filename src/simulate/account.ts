import type { Kube, KubeObject, Resource } from '../adapters/kube/kube.ts';
import { Fault } from '../core/fault.ts';
import { stringAt } from '../validators/manifest/read.ts';
import { groupOf } from './object-id.ts';
import type { PlannedObject } from './plan.ts';
import { pause } from './until.ts';

const accountName = 'deploycheck';

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
const rbac = 'rbac.authorization.k8s.io';

/**
 * The account that makes the release in the sandbox, and may write nowhere else.
 * @param pods whether it may also look into pods, make and remove them
 */
export function accountObjects(
  sandbox: string,
  inside: readonly PlannedObject[],
  resources: ReadonlyMap<string, Resource>,
  pods: boolean,
): KubeObject[] {
  const metadata = { name: accountName, namespace: sandbox };
  const subject = { kind: 'ServiceAccount', name: accountName, namespace: sandbox };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata,
      rules: [...rulesFor(inside, resources), ...(pods ? podRules : [])],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: accountName },
      subjects: [subject],
    },
  ];
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const podRules: readonly Rule[] = [
  { apiGroups: [''], resources: ['pods'], verbs: ['create', 'delete'] },
  { apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] },
  { apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['update', 'patch'] },
];

/** The kinds of the release, and what it takes to look at pods; nobody can grant more than they have. */
function rulesFor(
  inside: readonly PlannedObject[],
  resources: ReadonlyMap<string, Resource>,
): Rule[] {
  const byGroup = new Map<string, Set<string>>();
  for (const { object } of inside) {
    const resource = resources.get(`${object.apiVersion} ${object.kind}`);
    if (!resource) continue;
    const names = byGroup.get(resource.group) ?? new Set();
    byGroup.set(resource.group, names.add(resource.name));
  }
  const given = inside
    .filter(({ kind, object }) => kind === 'RoleBinding' && refKind(object) === 'ClusterRole')
    .flatMap(({ object }) => stringAt(object, 'roleRef', 'name') ?? []);
  return [
    { apiGroups: [''], resources: ['pods', 'pods/log', 'events'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [''], resources: ['pods/portforward'], verbs: ['get', 'create'] },
    // Stand-ins for what the release references.
    {
      apiGroups: [''],
      resources: ['secrets', 'configmaps', 'serviceaccounts', 'persistentvolumeclaims'],
      verbs,
    },
    ...[...byGroup].map(([group, names]) => ({
      apiGroups: [group],
      resources: [...names].sort(),
      verbs: group === rbac ? [...verbs, 'escalate', 'bind'] : verbs,
    })),
    ...(given.length > 0
      ? [{ apiGroups: [rbac], resources: ['clusterroles'], resourceNames: given, verbs: ['bind'] }]
      : []),
  ];
}

const refKind = (object: KubeObject): string | undefined => stringAt(object, 'roleRef', 'kind');

/**
 * The API as the account of the sandbox.
 * @param user the API as the person, with the account made
 * @param expirationSeconds as long as the run may last; the token ends with its account anyway
 * @throws Fault `cluster-denied` when no token is given
 */
export async function asAccount(
  user: Kube,
  sandbox: string,
  expirationSeconds: number,
  signal: AbortSignal,
): Promise<Kube> {
  const account = { namespace: sandbox, name: accountName };
  const issued = await user.token(account, { expirationSeconds }, signal);
  if (issued.outcome === 'refused') {
    throw new Fault(
      'cluster-denied',
      `${user.target.server} gives no token for the ServiceAccount ${sandbox}/${accountName}: ${issued.status.message}`,
    );
  }
  return user.asServiceAccount(issued.token);
}

const firstPauseMs = 5;
const longestPauseMs = 200;

/** The authorizer learns of a new Role by a watch, so the first answers may still be no. */
export async function untilAllowed(
  kube: Kube,
  namespace: string,
  inside: readonly PlannedObject[],
  signal: AbortSignal,
): Promise<void> {
  const [first] = inside;
  const resource = first && (await kube.resourceFor(first.object, signal));
  const question = {
    verb: 'patch',
    group: groupOf(first?.object.apiVersion ?? 'v1'),
    resource: resource?.name ?? 'configmaps',
    namespace,
  };
  for (let ms = firstPauseMs; ; ms = Math.min(2 * ms, longestPauseMs)) {
    if ((await kube.can(question, signal)).allowed) return;
    await pause(ms, signal);
  }
}
