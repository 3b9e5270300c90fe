import type { KubeObject } from '../../adapters/kube/kube.ts';
import { listAt, partAt, stringAt } from '../../validators/manifest/read.ts';
import type { TokenSeen } from '../../validators/runtime/observation.ts';

/**
 * The token that a container can read, and whether the release has a use for it.
 * @param pod as the server has it, with what admission mounted
 * @param inside the objects of the sandbox
 */
export function tokenOf(
  pod: KubeObject,
  container: unknown,
  inside: readonly KubeObject[],
): TokenSeen {
  const volumes = new Set(
    listAt(pod, 'spec', 'volumes')
      .filter((volume) =>
        // One for somebody else is no key to the cluster.
        listAt(volume, 'projected', 'sources').some(
          (source) =>
            partAt(source, 'serviceAccountToken') !== undefined &&
            partAt(source, 'serviceAccountToken', 'audience') === undefined,
        ),
      )
      .map((volume) => stringAt(volume, 'name')),
  );
  const mount = listAt(container, 'volumeMounts').find((entry) =>
    volumes.has(stringAt(entry, 'name')),
  );
  const account = stringAt(pod, 'spec', 'serviceAccountName') ?? 'default';
  return {
    path: stringAt(mount, 'mountPath') ?? null,
    account,
    granted: inside.some((object) => isGrantTo(object, account)),
  };
}

/** A group of accounts is meant by bindings to `system:serviceaccounts` and the groups below it. */
function isGrantTo(object: KubeObject, account: string): boolean {
  if (!/^(Cluster)?RoleBinding$/.test(object.kind)) return false;
  return listAt(object, 'subjects').some((subject) => {
    const [kind, name] = [stringAt(subject, 'kind'), stringAt(subject, 'name') ?? ''];
    if (kind === 'ServiceAccount') return name === account;
    return kind === 'Group' && name.startsWith('system:serviceaccounts');
  });
}
