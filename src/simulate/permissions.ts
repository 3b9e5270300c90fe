import type { Kube, KubeObject } from '../adapters/kube/kube.ts';
import { concurrently } from '../core/concurrently.ts';
import { listAt } from '../validators/manifest/read.ts';
import { groupOf } from './object-id.ts';

const writingVerbs = ['create', 'update', 'patch', 'delete', 'deletecollection'];
/** Questions about oneself, which every user may ask. */
const harmlessGroups = new Set(['authorization.k8s.io', 'authentication.k8s.io']);

/**
 * What the account of the sandbox may write in another namespace, in words; empty when nothing.
 * @param sandbox the API as that account
 */
export async function writesAllowedIn(
  sandbox: Kube,
  namespace: string,
  release: readonly KubeObject[],
  signal: AbortSignal,
): Promise<string[]> {
  const review = await sandbox.create(
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace },
    },
    {},
    signal,
  );
  const listed =
    review.outcome === 'ok'
      ? listAt(review.object, 'status', 'resourceRules').flatMap(writesOf)
      : [];
  // An authorizer need not list its rules, so the kinds of the release are asked for one by one.
  const kinds = [...new Set(release.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))];
  const questions = [...kinds, 'v1 Secret'].flatMap((entry) => {
    const [apiVersion = '', kind = ''] = entry.split(' ');
    return ['create', 'patch', 'delete'].map((verb) => ({ apiVersion, kind, verb }));
  });
  const answers = await concurrently(questions, 6, async ({ apiVersion, kind, verb }) => {
    const resource = await sandbox.resourceFor({ apiVersion, kind }, signal);
    if (!resource) return [];
    const { group, name } = resource;
    const { allowed } = await sandbox.can({ verb, group, resource: name, namespace }, signal);
    return allowed ? [`${verb} ${name}${group === '' ? '' : `.${group}`}`] : [];
  });
  return [...new Set([...listed, ...answers.flat()])].sort();
}

function writesOf(rule: unknown): string[] {
  const groups = listAt(rule, 'apiGroups').map(String);
  if (groups.length > 0 && groups.every((group) => harmlessGroups.has(groupOf(`${group}/v1`)))) {
    return [];
  }
  const verbs = listAt(rule, 'verbs').map(String);
  const writes = verbs.filter((verb) => verb === '*' || writingVerbs.includes(verb));
  return writes.flatMap((verb) =>
    listAt(rule, 'resources').map((resource) => `${verb} ${String(resource)}`),
  );
}
