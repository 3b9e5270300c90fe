import type { NewKubeObject } from '../../../src/adapters/kube/object.ts';

/** Manifests that a server takes, one or more of each kind; mutants are made of them. */
const labels = { app: 'web', tier: 'front' };
const selector = { matchLabels: { app: 'web' } };

const container = {
  name: 'web',
  image: 'registry.example/web:1.4.2',
  command: ['serve'],
  args: ['--port', '8080'],
  workingDir: '/srv',
  ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
  env: [
    { name: 'LEVEL', value: 'info' },
    { name: 'KEY', valueFrom: { configMapKeyRef: { name: 'web', key: 'key' } } },
    { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
  ],
  envFrom: [{ prefix: 'APP_', secretRef: { name: 'web' } }],
  resources: {
    requests: { cpu: '100m', memory: '64Mi' },
    limits: { cpu: '200m', memory: '128Mi' },
  },
  volumeMounts: [
    { name: 'work', mountPath: '/work' },
    { name: 'config', mountPath: '/etc/web', readOnly: true },
  ],
  livenessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 5 },
  readinessProbe: { tcpSocket: { port: 8080 }, failureThreshold: 2 },
  lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 1000,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  },
  imagePullPolicy: 'IfNotPresent',
};

const podSpec = {
  containers: [container],
  initContainers: [
    { name: 'first', image: 'registry.example/first:1.0.0', restartPolicy: 'Always' },
  ],
  volumes: [
    { name: 'work', emptyDir: { sizeLimit: '1Gi' } },
    { name: 'config', configMap: { name: 'web', items: [{ key: 'key', path: 'key', mode: 292 }] } },
  ],
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'web', effect: 'NoSchedule' }],
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 50,
          podAffinityTerm: { labelSelector: selector, topologyKey: 'kubernetes.io/hostname' },
        },
      ],
    },
  },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: selector,
    },
  ],
  securityContext: { fsGroup: 1000, sysctls: [{ name: 'kernel.shm_rmid_forced', value: '0' }] },
  hostAliases: [{ ip: '192.0.2.1', hostnames: ['db.example'] }],
};

const template = { metadata: { labels, annotations: { 'example.org/note': 'a' } }, spec: podSpec };
const jobTemplate = {
  metadata: { labels },
  spec: { ...podSpec, initContainers: [], restartPolicy: 'Never' },
};
const rules = [
  { apiGroups: ['', 'apps'], resources: ['pods', 'deployments'], verbs: ['get', 'list'] },
];
const subjects = [
  { kind: 'ServiceAccount', name: 'web', namespace: 'default' },
  { kind: 'User', name: 'ann', apiGroup: 'rbac.authorization.k8s.io' },
];
const webhook = {
  name: 'check.example.org',
  clientConfig: { service: { name: 'web', namespace: 'default', path: '/check', port: 443 } },
  rules: [
    {
      apiGroups: ['apps'],
      apiVersions: ['v1'],
      operations: ['CREATE'],
      resources: ['deployments'],
      scope: 'Namespaced',
    },
  ],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  timeoutSeconds: 5,
  failurePolicy: 'Ignore',
  matchConditions: [{ name: 'not-system', expression: "request.namespace != 'kube-system'" }],
};

/** Parts that several manifests share are copied, so that a change is one in one place. */
const of = (apiVersion: string, kind: string, rest: object): NewKubeObject =>
  JSON.parse(
    JSON.stringify({
      apiVersion,
      kind,
      metadata: { name: 'mutant', labels, annotations: { 'example.org/note': 'a' } },
      ...rest,
    }),
  );

export const bases: readonly NewKubeObject[] = [
  of('v1', 'Pod', { spec: { ...podSpec, restartPolicy: 'Always' } }),
  of('apps/v1', 'Deployment', {
    spec: {
      replicas: 2,
      selector,
      template,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
      minReadySeconds: 5,
      progressDeadlineSeconds: 600,
    },
  }),
  of('apps/v1', 'StatefulSet', {
    spec: {
      replicas: 1,
      serviceName: 'web',
      selector,
      template,
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  }),
  of('apps/v1', 'DaemonSet', {
    spec: {
      selector,
      template,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    },
  }),
  of('apps/v1', 'ReplicaSet', { spec: { replicas: 1, selector, template } }),
  of('v1', 'ReplicationController', { spec: { replicas: 1, selector: { app: 'web' }, template } }),
  of('apps/v1', 'ControllerRevision', { revision: 1, data: { any: 'thing' } }),
  of('batch/v1', 'Job', {
    spec: {
      template: jobTemplate,
      completions: 2,
      parallelism: 1,
      backoffLimit: 3,
      completionMode: 'Indexed',
      ttlSecondsAfterFinished: 60,
      podFailurePolicy: {
        rules: [
          {
            action: 'FailJob',
            onExitCodes: { containerName: 'web', operator: 'In', values: [1, 2] },
          },
        ],
      },
    },
  }),
  of('batch/v1', 'CronJob', {
    spec: {
      schedule: '*/5 * * * *',
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 100,
      jobTemplate: { spec: { template: jobTemplate, backoffLimit: 2 } },
      successfulJobsHistoryLimit: 2,
    },
  }),
  of('v1', 'Service', {
    spec: {
      type: 'ClusterIP',
      selector: { app: 'web' },
      sessionAffinity: 'None',
      ports: [
        { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' },
        { name: 'https', port: 443, targetPort: 8443 },
      ],
    },
  }),
  of('v1', 'Service', {
    spec: {
      type: 'LoadBalancer',
      selector: { app: 'web' },
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: ['192.0.2.0/24'],
      ipFamilyPolicy: 'SingleStack',
      ipFamilies: ['IPv4'],
      ports: [{ name: 'http', port: 80, nodePort: 31980 }],
    },
  }),
  of('v1', 'Service', { spec: { type: 'ExternalName', externalName: 'db.example.org' } }),
  of('v1', 'Service', {
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: { app: 'web' },
      ports: [{ port: 80 }],
    },
  }),
  of('networking.k8s.io/v1', 'Ingress', {
    spec: {
      ingressClassName: 'outer',
      tls: [{ hosts: ['web.example.org'], secretName: 'web-tls' }],
      rules: [
        {
          host: 'web.example.org',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'web', port: { number: 80 } } },
              },
              {
                path: '/b',
                pathType: 'Exact',
                backend: { service: { name: 'web', port: { name: 'http' } } },
              },
            ],
          },
        },
      ],
      defaultBackend: { service: { name: 'web', port: { number: 80 } } },
    },
  }),
  of('networking.k8s.io/v1', 'IngressClass', {
    spec: {
      controller: 'example.org/ingress',
      parameters: { apiGroup: 'example.org', kind: 'Outer', name: 'a', scope: 'Cluster' },
    },
  }),
  of('networking.k8s.io/v1', 'NetworkPolicy', {
    spec: {
      podSelector: selector,
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [
            { ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.128/25'] } },
            { namespaceSelector: {}, podSelector: selector },
          ],
          ports: [{ protocol: 'TCP', port: 8080, endPort: 8090 }],
        },
      ],
      egress: [{ to: [{ podSelector: {} }], ports: [{ port: 'http', protocol: 'UDP' }] }],
    },
  }),
  of('networking.k8s.io/v1', 'ServiceCIDR', { spec: { cidrs: ['198.51.100.0/24'] } }),
  of('autoscaling/v2', 'HorizontalPodAutoscaler', {
    spec: {
      minReplicas: 1,
      maxReplicas: 5,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
        {
          type: 'External',
          external: {
            metric: { name: 'queue', selector },
            target: { type: 'AverageValue', averageValue: '30' },
          },
        },
      ],
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: 60,
          policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }],
        },
      },
    },
  }),
  of('autoscaling/v1', 'HorizontalPodAutoscaler', {
    spec: {
      minReplicas: 1,
      maxReplicas: 5,
      targetCPUUtilizationPercentage: 50,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    },
  }),
  of('policy/v1', 'PodDisruptionBudget', {
    spec: { minAvailable: '50%', selector, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
  }),
  of('v1', 'ConfigMap', {
    data: { key: 'a', 'b.txt': 'c' },
    binaryData: { bin: 'AAEC' },
    immutable: false,
  }),
  of('v1', 'Secret', {
    type: 'kubernetes.io/basic-auth',
    stringData: { username: 'ann', password: 'b' },
  }),
  of('v1', 'Secret', { type: 'Opaque', data: { key: 'YQ==' } }),
  of('v1', 'ServiceAccount', {
    automountServiceAccountToken: false,
    imagePullSecrets: [{ name: 'pull' }],
  }),
  of('v1', 'PersistentVolumeClaim', {
    spec: {
      accessModes: ['ReadWriteOnce'],
      volumeMode: 'Filesystem',
      storageClassName: 'other',
      resources: { requests: { storage: '1Gi' } },
      selector,
    },
  }),
  of('v1', 'PersistentVolume', {
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'other',
      local: { path: '/mnt/a' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: 'kubernetes.io/hostname', operator: 'In', values: ['node1'] },
              ],
            },
          ],
        },
      },
    },
  }),
  of('v1', 'PodTemplate', { template }),
  of('v1', 'LimitRange', {
    spec: {
      limits: [
        {
          type: 'Container',
          max: { cpu: '2' },
          min: { cpu: '10m' },
          default: { cpu: '200m' },
          defaultRequest: { cpu: '100m' },
          maxLimitRequestRatio: { cpu: '4' },
        },
      ],
    },
  }),
  of('v1', 'ResourceQuota', {
    spec: {
      hard: { pods: '10', 'requests.cpu': '4', 'count/jobs.batch': '5' },
      scopes: ['NotTerminating'],
    },
  }),
  of('v1', 'Namespace', { spec: { finalizers: ['kubernetes'] } }),
  of('v1', 'Endpoints', {
    subsets: [
      {
        addresses: [{ ip: '192.0.2.10', hostname: 'a' }],
        ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
      },
    ],
  }),
  of('v1', 'Node', {
    spec: {
      taints: [{ key: 'dedicated', value: 'web', effect: 'NoSchedule' }],
      podCIDR: '192.0.2.0/26',
    },
  }),
  of('rbac.authorization.k8s.io/v1', 'Role', { rules }),
  of('rbac.authorization.k8s.io/v1', 'RoleBinding', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'web' },
    subjects,
  }),
  of('rbac.authorization.k8s.io/v1', 'ClusterRole', {
    rules: [...rules, { nonResourceURLs: ['/metrics'], verbs: ['get'] }],
    aggregationRule: { clusterRoleSelectors: [selector] },
  }),
  of('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects,
  }),
  of('storage.k8s.io/v1', 'StorageClass', {
    provisioner: 'example.org/disk',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
    parameters: { type: 'fast' },
    allowVolumeExpansion: true,
    allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }],
  }),
  of('storage.k8s.io/v1', 'CSIDriver', {
    spec: {
      attachRequired: true,
      podInfoOnMount: true,
      volumeLifecycleModes: ['Persistent'],
      fsGroupPolicy: 'File',
    },
  }),
  of('storage.k8s.io/v1', 'VolumeAttributesClass', {
    driverName: 'example.org',
    parameters: { iops: '3000' },
  }),
  of('storage.k8s.io/v1', 'CSIStorageCapacity', {
    storageClassName: 'fast',
    capacity: '10Gi',
    nodeTopology: selector,
  }),
  of('scheduling.k8s.io/v1', 'PriorityClass', {
    value: 1000,
    preemptionPolicy: 'Never',
    description: 'a',
  }),
  of('node.k8s.io/v1', 'RuntimeClass', {
    handler: 'runsc',
    overhead: { podFixed: { cpu: '10m' } },
    scheduling: { nodeSelector: { sandbox: 'yes' } },
  }),
  of('coordination.k8s.io/v1', 'Lease', {
    spec: {
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      renewTime: '2024-05-31T08:00:00.000000Z',
    },
  }),
  of('discovery.k8s.io/v1', 'EndpointSlice', {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['192.0.2.10'], conditions: { ready: true }, hostname: 'a' }],
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  }),
  of('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', { webhooks: [webhook] }),
  of('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', {
    webhooks: [{ ...webhook, reinvocationPolicy: 'IfNeeded' }],
  }),
  of('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', {
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['apps'],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['deployments'],
          },
        ],
      },
      variables: [{ name: 'n', expression: 'object.spec.replicas' }],
      validations: [{ expression: 'variables.n <= 5', message: 'at most five', reason: 'Invalid' }],
      auditAnnotations: [{ key: 'n', valueExpression: 'string(variables.n)' }],
    },
  }),
  of('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', {
    spec: {
      policyName: 'mutant',
      validationActions: ['Deny'],
      paramRef: { name: 'limits', namespace: 'default', parameterNotFoundAction: 'Deny' },
      matchResources: { objectSelector: selector },
    },
  }),
  of('flowcontrol.apiserver.k8s.io/v1', 'FlowSchema', {
    spec: {
      priorityLevelConfiguration: { name: 'workload-low' },
      matchingPrecedence: 1000,
      distinguisherMethod: { type: 'ByUser' },
      rules: [
        {
          subjects: [{ kind: 'User', user: { name: 'ann' } }],
          resourceRules: [
            { verbs: ['get'], apiGroups: [''], resources: ['pods'], namespaces: ['*'] },
          ],
        },
      ],
    },
  }),
  of('flowcontrol.apiserver.k8s.io/v1', 'PriorityLevelConfiguration', {
    spec: {
      type: 'Limited',
      limited: {
        nominalConcurrencyShares: 10,
        lendablePercent: 50,
        limitResponse: {
          type: 'Queue',
          queuing: { queues: 64, handSize: 6, queueLengthLimit: 50 },
        },
      },
    },
  }),
  of('resource.k8s.io/v1', 'DeviceClass', {
    spec: { selectors: [{ cel: { expression: "device.driver == 'gpu.example.org'" } }] },
  }),
  of('resource.k8s.io/v1', 'ResourceClaim', {
    spec: {
      devices: {
        requests: [
          {
            name: 'gpu',
            exactly: { deviceClassName: 'gpu', count: 1, allocationMode: 'ExactCount' },
          },
        ],
      },
    },
  }),
  of('resource.k8s.io/v1', 'ResourceClaimTemplate', {
    spec: {
      spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu' } }] } },
    },
  }),
  of('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
    metadata: { name: 'limits.example.org' },
    spec: {
      group: 'example.org',
      scope: 'Namespaced',
      names: { plural: 'limits', singular: 'limit', kind: 'Limit', shortNames: ['lm'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          additionalPrinterColumns: [{ name: 'Max', type: 'integer', jsonPath: '.spec.max' }],
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              required: ['spec'],
              properties: {
                spec: {
                  type: 'object',
                  properties: {
                    max: { type: 'integer', minimum: 1, default: 3 },
                    min: { type: 'integer' },
                    mode: { type: 'string', enum: ['a', 'b'] },
                    list: {
                      type: 'array',
                      'x-kubernetes-list-type': 'map',
                      'x-kubernetes-list-map-keys': ['name'],
                      items: {
                        type: 'object',
                        required: ['name'],
                        properties: { name: { type: 'string', maxLength: 10 } },
                      },
                    },
                  },
                  'x-kubernetes-validations': [
                    { rule: '!has(self.min) || self.min <= self.max', message: 'min over max' },
                  ],
                },
              },
            },
          },
        },
      ],
    },
  }),
];
