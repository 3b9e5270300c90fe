/** What every cluster has that a distribution would bring: DNS rights, a Service for it, a StorageClass. */
export function clusterObjects(): object[] {
  const dns = { name: 'system:coredns' };
  const rbac = 'rbac.authorization.k8s.io';
  return [
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: dns,
      rules: [
        {
          apiGroups: [''],
          resources: ['endpoints', 'services', 'pods', 'namespaces'],
          verbs: ['list', 'watch'],
        },
        {
          apiGroups: ['discovery.k8s.io'],
          resources: ['endpointslices'],
          verbs: ['list', 'watch'],
        },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: dns,
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: dns.name },
      subjects: [{ apiGroup: rbac, kind: 'User', name: dns.name }],
    },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name: 'standard',
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
      provisioner: 'kubernetes.io/host-path',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
  ];
}
