import { kindText, type Wanted } from './reference.ts';

/**
 * Names that every cluster has, by group and kind. From pkg/registry/rbac/rest and
 * plugin/pkg/auth/authorizer/rbac/bootstrappolicy (roles), pkg/apis/scheduling/helpers.go (priority
 * classes), pkg/controlplane (namespaces, the Service `kubernetes`) and the controllers that make
 * `default` and `kube-root-ca.crt` in each namespace.
 */
const names: Readonly<Record<string, RegExp>> = {
  ' Namespace': /^(?:default|kube-system|kube-public|kube-node-lease)$/,
  ' ServiceAccount': /^default$/,
  ' ConfigMap': /^kube-root-ca\.crt$/,
  'scheduling.k8s.io PriorityClass': /^system-(?:cluster|node)-critical$/,
  'rbac.authorization.k8s.io ClusterRole': /^(?:admin|edit|view|cluster-admin|system:.+)$/,
};

/** Whether a cluster has the object before anything is deployed to it. */
export function isBuiltIn(wanted: Wanted): boolean {
  const { namespace, name } = wanted;
  switch (kindText(wanted)) {
    case ' Service':
      return namespace === 'default' && name === 'kubernetes';
    case 'rbac.authorization.k8s.io Role':
      return (
        namespace === 'kube-system' &&
        /^(?:system:.+|extension-apiserver-authentication-reader)$/.test(name)
      );
    default:
      return names[kindText(wanted)]?.test(name) ?? false;
  }
}

const groups = new Set([
  ...['', 'apps', 'autoscaling', 'batch', 'extensions', 'policy'],
  ...[
    ...['admissionregistration', 'apiextensions', 'apiregistration', 'authentication'],
    ...['authorization', 'certificates', 'coordination', 'discovery', 'events'],
    ...['flowcontrol.apiserver', 'internal.apiserver', 'lifecycle', 'networking', 'node'],
    ...['rbac.authorization', 'resource', 'scheduling', 'storage', 'storagemigration'],
  ].map((name) => `${name}.k8s.io`),
]);

/** Whether Kubernetes itself owns the group, so that no CustomResourceDefinition is wanted. */
export const isOwnGroup = (group: string): boolean => groups.has(group);
