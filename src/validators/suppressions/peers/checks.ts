import type { Peer } from '../../../config/schema.ts';
import type { Finding } from '../../../core/finding.ts';

/** A rule that asks what a check of another tool asks, or the part of its findings that does. */
export interface Counterpart {
  readonly rule: string;
  /** What the path of a finding has to fit. */
  readonly at?: RegExp;
  /** What its message has to fit. */
  readonly says?: RegExp;
  /** The check is one to opt in there, so that who leaves out all checks hardly meant this one. */
  readonly named?: true;
}

const only = (rule: string, at: RegExp): Counterpart => ({ rule, at });
const saying = (rule: string, says: RegExp): Counterpart => ({ rule, says });
const whole = (...rules: readonly string[]): readonly Counterpart[] =>
  rules.map((rule) => ({ rule }));

/** A check that no rule is the counterpart of. */
const none: readonly Counterpart[] = [];

type Checks = Readonly<Record<string, readonly Counterpart[]>>;

const hostIpc = [only('manifest/host-namespaces', /\.hostIPC$/)];
const hostNetwork = [only('manifest/host-namespaces', /\.hostNetwork$/)];
const hostPid = [only('manifest/host-namespaces', /\.hostPID$/)];
const tag = [saying('manifest/image-tag', /has no tag|has the tag latest/)];
const selector = whole('manifest/selector-match');
const noCpu = [saying('manifest/resource-requests', /requests no cpu$/)];
const noMemory = [saying('manifest/resource-requests', /requests no memory$/)];
const budgetBlocks = whole('manifest/disruption-budget');
const references = whole('manifest/config-reference');

/**
 * The checks that kube-linter has built in, by its own names
 * (https://github.com/stackrox/kube-linter/blob/main/docs/generated/checks.md).
 */
const kubeLinter: Checks = {
  'access-to-create-pods': none,
  'access-to-secrets': none,
  'aggregate-to-admin-escalation': none,
  'approve-signers-without-resource-names': none,
  'automount-service-account-token': none,
  'bind-verb-in-role': none,
  'cluster-admin-role-binding': none,
  'cluster-wide-secrets-access': none,
  'configmap-with-credentials': [only('secret/in-manifests', /^(?:data|binaryData)\b/)],
  'container-runtime-sock': none,
  'dangling-horizontalpodautoscaler': none,
  'dangling-ingress': none,
  'dangling-networkpolicy': none,
  'dangling-networkpolicy-rule': none,
  'dangling-networkpolicypeer-podselector': none,
  'dangling-service': whole('manifest/service-selector'),
  'dangling-servicemonitor': none,
  'default-service-account': none,
  'deletecollection-verb-in-role': none,
  'deprecated-service-account-field': none,
  'dnsconfig-options': none,
  'docker-sock': none,
  'drop-net-raw-capability': none,
  'duplicate-env-var': none,
  'duplicate-kinds': none,
  'env-value-from': references,
  'env-var-secret': [only('secret/in-manifests', /\.env\[/)],
  'escalate-verb-in-role': none,
  'exposed-services': none,
  'externalname-service-redirect': none,
  'host-ipc': hostIpc,
  'host-network': hostNetwork,
  'host-pid': hostPid,
  'hpa-maximum-replicas': none,
  'hpa-minimum-three-replicas': none,
  'image-not-pinned-by-digest': none,
  'image-sha': none,
  'impersonate-without-resource-names': none,
  'init-container-security-gap': none,
  'insecure-route-termination': none,
  'invalid-target-ports': none,
  'job-ttl-seconds-after-finished': none,
  'kube-chainsaw-rbac': none,
  'latest-tag': tag,
  'liveness-port': [only('manifest/probe-port', /\.livenessProbe\./)],
  'minimum-three-replicas': none,
  'mismatching-selector': selector,
  'no-anti-affinity': none,
  'no-extensions-v1beta': [
    saying('manifest/removed-api', /^extensions\/v1beta/),
    saying('manifest/deprecated-api', /^extensions\/v1beta/),
  ],
  'no-liveness-probe': none,
  'no-node-affinity': none,
  'no-read-only-root-fs': none,
  'no-readiness-probe': whole('manifest/readiness-probe'),
  'no-rolling-update-strategy': none,
  'no-startup-probe': none,
  'non-existent-service-account': none,
  'non-isolated-pod': none,
  'pdb-max-unavailable': [only('manifest/disruption-budget', /\.maxUnavailable$/)],
  'pdb-min-available': [only('manifest/disruption-budget', /\.minAvailable$/)],
  'pdb-unhealthy-pod-eviction-policy': none,
  'priority-class-name': none,
  'privilege-escalation-container': whole('manifest/privilege-escalation'),
  'privileged-container': whole('manifest/privileged'),
  'privileged-ports': none,
  'probe-port': whole('manifest/probe-port'),
  'projected-token-long-expiration': none,
  'read-secret-from-env-var': none,
  'readiness-port': [only('manifest/probe-port', /\.readinessProbe\./)],
  'required-annotation-email': none,
  'required-label-owner': none,
  'restart-policy': none,
  'run-as-non-root': whole('manifest/run-as-non-root'),
  'scc-deny-privileged-container': none,
  'schema-validation': [{ rule: 'manifest/schema', named: true }],
  'sensitive-host-mounts': none,
  'sorted-keys': none,
  'ssh-port': none,
  'stackrox-securedcluster-deprecated-fields': none,
  'startup-port': [only('manifest/probe-port', /\.startupProbe\./)],
  'target-port-specification': none,
  'unsafe-proc-mount': none,
  'unsafe-sysctls': none,
  'unset-cpu-requirements': noCpu,
  'unset-ephemeral-storage-requirements': none,
  'unset-memory-requirements': noMemory,
  'upgrade-strategy': none,
  'use-namespace': none,
  'volume-mounts': none,
  volumeclaimtemplates: none,
  'webhook-failure-policy-ignore': none,
  'wildcard-in-rules': whole('manifest/rbac-wildcard'),
  'wildcard-resource-verb-combo': none,
  'writable-host-mount': none,
};

/** Those of kube-score (https://github.com/zegl/kube-score/blob/master/README_CHECKS.md). */
const kubeScore: Checks = {
  'container-cpu-requests-equal-limits': none,
  'container-ephemeral-storage-request-and-limit': none,
  'container-ephemeral-storage-request-equals-limit': none,
  'container-image-pull-policy': none,
  'container-image-tag': tag,
  'container-memory-requests-equal-limits': none,
  'container-ports-check': none,
  'container-resource-requests-equal-limits': none,
  'container-resources': whole('manifest/resource-requests'),
  'container-seccomp-profile': none,
  'container-security-context': whole('manifest/privileged'),
  'container-security-context-privileged': whole('manifest/privileged'),
  'container-security-context-readonlyrootfilesystem': none,
  'container-security-context-user-group-id': none,
  'cronjob-has-deadline': none,
  'cronjob-restartpolicy': none,
  'deployment-has-host-podantiaffinity': none,
  'deployment-has-poddisruptionbudget': none,
  'deployment-pod-selector-labels-match-template-metadata-labels': selector,
  'deployment-replicas': none,
  'deployment-strategy': none,
  'deployment-targeted-by-hpa-does-not-have-replicas-configured': none,
  'environment-variable-key-duplication': none,
  'horizontalpodautoscaler-has-target': none,
  'horizontalpodautoscaler-replicas': none,
  'ingress-targets-service': none,
  'label-values': none,
  'networkpolicy-targets-pod': none,
  'pod-networkpolicy': none,
  'pod-probes': whole('manifest/readiness-probe'),
  'pod-probes-identical': none,
  'pod-topology-spread-constraints': none,
  'poddisruptionbudget-has-policy': none,
  'service-targets-pod': whole('manifest/service-selector'),
  'service-type': none,
  'stable-version': whole('manifest/deprecated-api', 'manifest/removed-api'),
  'statefulset-has-host-podantiaffinity': none,
  'statefulset-has-poddisruptionbudget': none,
  'statefulset-has-servicename': none,
  'statefulset-pod-selector-labels-match-template-metadata-labels': selector,
};

/** Those of polaris (https://github.com/FairwindsOps/polaris/tree/master/pkg/config/checks). */
const polaris: Checks = {
  automountServiceAccountToken: none,
  clusterrolebindingClusterAdmin: none,
  clusterrolebindingPodExecAttach: none,
  clusterrolePodExecAttach: none,
  cpuLimitsMissing: none,
  cpuRequestsMissing: noCpu,
  dangerousCapabilities: none,
  deploymentMissingReplicas: none,
  gatewayAllowedRoutesAll: none,
  gatewayCrossNamespaceCertificateRef: none,
  gatewayInsecureFrontendValidation: none,
  gatewayTLSMissing: none,
  hostIPCSet: hostIpc,
  hostNetworkSet: hostNetwork,
  hostPathSet: none,
  hostPIDSet: hostPid,
  hostPortSet: none,
  hostProcess: none,
  hpaMaxAvailability: none,
  hpaMinAvailability: none,
  httpRouteBackendTLSMissing: none,
  httpRouteCrossNamespaceBackendRef: none,
  httpRouteInsecureListener: none,
  httpRouteWildcardOrEmptyHost: none,
  insecureCapabilities: none,
  kgatewayBackendTLSVerificationDisabled: none,
  linuxHardening: none,
  livenessProbeMissing: none,
  memoryLimitsMissing: none,
  memoryRequestsMissing: noMemory,
  metadataAndInstanceMismatched: none,
  missingNetworkPolicy: none,
  missingPodDisruptionBudget: none,
  notReadOnlyRootFilesystem: none,
  pdbDisruptionsIsZero: budgetBlocks,
  pdbMinAvailableEqualToHPAMinReplicas: none,
  pdbMinAvailableGreaterThanHPAMaxReplicas: none,
  pdbMinAvailableGreaterThanHPAMinReplicas: none,
  priorityClassNotSet: none,
  privilegeEscalationAllowed: whole('manifest/privilege-escalation'),
  procMount: none,
  pullPolicyNotAlways: none,
  readinessProbeMissing: whole('manifest/readiness-probe'),
  rolebindingClusterAdminClusterRole: none,
  rolebindingClusterAdminRole: none,
  rolebindingClusterRolePodExecAttach: none,
  rolebindingRolePodExecAttach: none,
  rolePodExecAttach: none,
  runAsPrivileged: whole('manifest/privileged'),
  runAsRootAllowed: whole('manifest/run-as-non-root'),
  sensitiveConfigmapContent: [only('secret/in-manifests', /^(?:data|binaryData)\b/)],
  sensitiveContainerEnvVar: [only('secret/in-manifests', /\.env\[/)],
  tagNotSpecified: tag,
  tlsSettingsMissing: none,
  topologySpreadConstraint: none,
};

/** What each check of another tool stands for here. A rule is added to the line of its counterpart. */
export const peerChecks = {
  'kube-linter': kubeLinter,
  'kube-score': kubeScore,
  polaris,
} as const satisfies Record<Peer, Checks>;

/** Undefined for a check that the tool does not have built in. */
export function counterpartsOf(peer: Peer, check: string): readonly Counterpart[] | undefined {
  const checks: Checks = peerChecks[peer];
  return Object.hasOwn(checks, check) ? checks[check] : undefined;
}

/** Every rule that one of the tool's checks stands for, where that tool leaves out all of them. */
export function allCounterparts(peer: Peer): readonly Counterpart[] {
  const all = Object.values<readonly Counterpart[]>(peerChecks[peer]).flat();
  return [...new Set(all.filter(({ named }) => !named))];
}

export function fitsCounterpart({ at, says }: Counterpart, finding: Finding): boolean {
  return (
    (at === undefined || at.test(finding.location.path ?? '')) &&
    (says === undefined || says.test(finding.message))
  );
}
