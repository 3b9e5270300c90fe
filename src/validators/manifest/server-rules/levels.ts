import type { ManifestObject, ManifestSet } from '../load.ts';
import { stringsAt } from '../read.ts';
import type { PodSecurity } from './options.ts';

/** What the pods of a namespace are held to; undefined when to nothing. */
export type LevelOf = (namespace: string) => PodSecurity | undefined;

const securityLabel = 'pod-security.kubernetes.io/enforce';

/** By what was asked for, or else by the labels of the namespaces of the set. */
export function levelsOf({ objects, serverRules }: ManifestSet): LevelOf {
  const asked = serverRules?.podSecurity;
  if (asked) return () => (asked.security === 'privileged' ? undefined : asked);
  const levels = new Map<string, PodSecurity | undefined>();
  for (const { kind, name, value } of objects) {
    // The first counts of those that are there twice, which is a finding of its own.
    if (kind === 'Namespace' && !levels.has(name)) levels.set(name, levelOf(value));
  }
  return (namespace) => levels.get(namespace);
}

function levelOf(namespace: ManifestObject['value']): PodSecurity | undefined {
  const labels = stringsAt(namespace, 'metadata', 'labels');
  const security = labels.get(securityLabel);
  if (security !== 'baseline' && security !== 'restricted') return undefined;
  const securityVersion = labels.get(`${securityLabel}-version`);
  return { security, ...(securityVersion !== undefined && { securityVersion }) };
}
