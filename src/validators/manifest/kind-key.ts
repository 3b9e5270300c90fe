/** Parts of `<apiVersion>/<kind>`, the key under which kinds are known. */
import type { ManifestObject } from './load.ts';

export function keyOf({ apiVersion, kind }: ManifestObject): string {
  return `${apiVersion}/${kind}`;
}

/** `apps/v1` of `apps/v1/Deployment`. */
export function parentOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}

export function kindOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** `apps` of `apps/v1`; the group of `v1` is the empty one. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}
