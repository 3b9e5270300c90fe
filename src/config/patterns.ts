export const durationPattern = /^(\d+(\.\d+)?(ms|s|m|h|d))+$/;

/** Names of Kubernetes objects hold no slash. */
export const externalPattern = /^[^/\s]+\/[^/\s]+(?:\/[^/\s]+)?$/;

/** As namespaces have it in their labels: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export const podSecurityPattern = /^(privileged|baseline|restricted)(?:@(latest|v1\.\d{1,3}))?$/;
export const podSecurityExpected =
  'privileged, baseline or restricted, with a version such as @v1.34 or without';
