import { stringsAt } from '../validators/manifest/read.ts';

const prefix = 'pod-security.kubernetes.io/';
const modes = ['enforce', 'audit', 'warn'] as const;
const levels = ['privileged', 'baseline', 'restricted'];

/**
 * The Pod Security labels of the sandbox: those of the target as it is and of the Namespace the release
 * brings, the stricter of the two in each mode.
 */
export function podSecurityLabels(...namespaces: readonly unknown[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const namespace of namespaces) {
    const labels = stringsAt(namespace, 'metadata', 'labels');
    for (const mode of modes) {
      const level = labels.get(`${prefix}${mode}`);
      const known = result[`${prefix}${mode}`];
      if (level === undefined || strictness(level) < strictness(known)) continue;
      result[`${prefix}${mode}`] = level;
      const version = labels.get(`${prefix}${mode}-version`);
      if (version === undefined) delete result[`${prefix}${mode}-version`];
      else result[`${prefix}${mode}-version`] = version;
    }
  }
  return result;
}

function strictness(level: string | undefined): number {
  return level === undefined ? -1 : levels.indexOf(level);
}
