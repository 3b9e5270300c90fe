import type { Fix } from '../../core/finding.ts';
import { rewritten } from './fix.ts';
import { keyOf, kindOf, parentOf } from './kind-key.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { ManifestObject } from './load.ts';
import { isRecord, partAt } from './read.ts';
import { replacementOf } from './replacement.ts';
import { walk } from './schema/walk.ts';
import type { KubernetesApi } from './schema-pool.ts';

/**
 * The version that replaces an API, where the object means the same in it: every field is there, in every
 * target, and none of those that changed their meaning is used.
 */
export function apiFix(
  object: ManifestObject,
  lifecycle: Lifecycle,
  apis: readonly KubernetesApi[],
): Fix | undefined {
  const key = keyOf(object);
  const found = replacementOf(key, lifecycle, apis);
  if (found === undefined || kindOf(found) !== object.kind || meansAnother(object)) {
    return undefined;
  }
  const apiVersion = parentOf(found);
  const value = { ...object.value, apiVersion };
  const fits = apis.every((api) => {
    const native = api.kinds.get(found);
    const schema = native && api.schema(native.schema);
    return schema !== undefined && walk(value, schema, api.schema).length === 0;
  });
  return fits ? rewritten(object, ['apiVersion'], apiVersion) : undefined;
}

/**
 * Values and defaults that are others in the replacement:
 * https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
function meansAnother({ kind, value }: ManifestObject): boolean {
  const selector = partAt(value, 'spec', 'selector');
  switch (kind) {
    case 'PodDisruptionBudget':
      // An empty one selected no pod, and selects all.
      return isRecord(selector) && !hasEntries(selector.matchLabels, selector.matchExpressions);
    case 'Deployment':
    case 'DaemonSet':
    case 'ReplicaSet':
    case 'StatefulSet':
      // Strategy, deadlines and selectors had other defaults.
      return true;
    case 'ValidatingWebhookConfiguration':
    case 'MutatingWebhookConfiguration':
      // failurePolicy, matchPolicy and timeoutSeconds had other defaults.
      return true;
    case 'CertificateSigningRequest':
    case 'CustomResourceDefinition':
      return true;
    default:
      return false;
  }
}

const hasEntries = (...parts: readonly unknown[]): boolean =>
  parts.some((part) => part !== null && typeof part === 'object' && Object.keys(part).length > 0);
