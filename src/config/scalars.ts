import { z } from 'zod';

export const duration = z
  .string()
  .regex(/^(\d+(\.\d+)?(ms|s|m|h|d))+$/, 'a duration such as 30s, 5m, 24h or 7d')
  .describe('a duration: 30s, 5m, 1h30m, 7d');

export const secretReference = z
  .string()
  .regex(/^(env|file):.+$/, 'env:NAME or file:PATH, never the value itself');

export const urlPath = z
  .string()
  .regex(/^\//, 'a path that starts with /')
  .describe('path of the endpoint');

/** As namespaces have it in their labels: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export const podSecurityPattern = /^(privileged|baseline|restricted)(?:@(latest|v1\.\d{1,3}))?$/;
export const podSecurityExpected =
  'privileged, baseline or restricted, with a version such as @v1.34 or without';
