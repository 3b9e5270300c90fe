import {
  type Checks,
  type Counterpart,
  noCpuLimit,
  none,
  notPulled,
  only,
  policyPods,
  replicas,
  saying,
  scalerReplicas,
  scaleTarget,
  selector,
  strategyType,
  tag,
  unspread,
  whole,
} from './counterparts.ts';

const containerPorts: readonly Counterpart[] = [
  {
    rule: 'manifest/server-rules',
    at: /[cC]ontainers\[\d+\]\.ports\[\d+\]\.(?:name|containerPort)$/,
    says: /Duplicate value|no more than 15|Required value/,
  },
  {
    ...{ rule: 'manifest/schema', named: true },
    at: /[cC]ontainers\[\d+\]\.ports\[\d+\]\.containerPort$/,
    says: / needs the field /,
  },
];
const labelValues: readonly Counterpart[] = [
  { rule: 'manifest/server-rules', at: /^metadata\.labels$/, says: /a valid label must/ },
];
const spreadValues = [
  saying('manifest/topology-spread', / has no labelSelector,/),
  only(
    'manifest/server-rules',
    /\.topologySpreadConstraints\[\d+\]\.(?:maxSkew|minDomains|topologyKey|whenUnsatisfiable)$/,
  ),
];

/** The checks of kube-score (https://github.com/zegl/kube-score/blob/master/README_CHECKS.md). */
export const kubeScore: Checks = {
  'container-cpu-requests-equal-limits': [
    saying('manifest/guaranteed-resources', / (?:of|for) cpu\b/),
  ],
  'container-ephemeral-storage-request-and-limit': whole('manifest/ephemeral-storage'),
  'container-ephemeral-storage-request-equals-limit': none,
  'container-image-pull-policy': notPulled,
  'container-image-tag': tag,
  'container-memory-requests-equal-limits': [
    saying('manifest/guaranteed-resources', / (?:of|for) memory\b/),
  ],
  'container-ports-check': containerPorts,
  'container-resource-requests-equal-limits': whole('manifest/guaranteed-resources'),
  'container-resources': [
    ...whole('manifest/resource-requests', 'manifest/memory-limit'),
    ...noCpuLimit,
  ],
  'container-seccomp-profile': whole('manifest/seccomp-profile'),
  'container-security-context': whole(
    'manifest/privileged',
    'manifest/read-only-root',
    'manifest/low-user-id',
    'manifest/security-context-missing',
  ),
  'container-security-context-privileged': whole('manifest/privileged'),
  'container-security-context-readonlyrootfilesystem': whole('manifest/read-only-root'),
  'container-security-context-user-group-id': whole(
    'manifest/low-user-id',
    'manifest/security-context-missing',
  ),
  'cronjob-has-deadline': [saying('manifest/cronjob-deadline', / however late it is$/)],
  'cronjob-restartpolicy': [saying('manifest/restart-policy', /; a job takes /)],
  'deployment-has-host-podantiaffinity': unspread,
  'deployment-has-poddisruptionbudget': whole('manifest/disruption-budget-missing'),
  'deployment-pod-selector-labels-match-template-metadata-labels': selector,
  'deployment-replicas': replicas,
  'deployment-strategy': strategyType,
  'deployment-targeted-by-hpa-does-not-have-replicas-configured': whole(
    'manifest/autoscaled-replicas',
  ),
  'environment-variable-key-duplication': whole('manifest/env-duplicate'),
  'horizontalpodautoscaler-has-target': scaleTarget,
  'horizontalpodautoscaler-replicas': scalerReplicas,
  'ingress-targets-service': whole('manifest/ingress-backend'),
  'label-values': labelValues,
  'networkpolicy-targets-pod': policyPods,
  'pod-networkpolicy': whole('manifest/network-policy'),
  'pod-probes': whole('manifest/readiness-probe', 'manifest/liveness-probe'),
  'pod-probes-identical': whole('manifest/identical-probes'),
  'pod-topology-spread-constraints': spreadValues,
  'poddisruptionbudget-has-policy': none,
  'service-targets-pod': whole('manifest/service-selector'),
  'service-type': [saying('manifest/service-type', / opens a port on every node$/)],
  'stable-version': whole('manifest/deprecated-api', 'manifest/removed-api'),
  'statefulset-has-host-podantiaffinity': unspread,
  'statefulset-has-poddisruptionbudget': whole('manifest/disruption-budget-missing'),
  'statefulset-has-servicename': whole('manifest/stateful-set-service'),
  'statefulset-pod-selector-labels-match-template-metadata-labels': selector,
};
