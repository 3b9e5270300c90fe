import { Fault } from '../core/fault.ts';
import { nearest } from '../core/suggest.ts';
import type { WorkloadKind, WorkloadName } from './observation.ts';

/** What kubectl calls them. */
const kinds: Readonly<Record<string, WorkloadKind>> = {
  deploy: 'Deployment',
  deployment: 'Deployment',
  deployments: 'Deployment',
  'deployment.apps': 'Deployment',
  sts: 'StatefulSet',
  statefulset: 'StatefulSet',
  statefulsets: 'StatefulSet',
  'statefulset.apps': 'StatefulSet',
  ds: 'DaemonSet',
  daemonset: 'DaemonSet',
  daemonsets: 'DaemonSet',
  'daemonset.apps': 'DaemonSet',
};

/**
 * Reads `deploy/NAME`, `sts/NAME`, `ds/NAME`.
 * @throws Fault `usage-invalid`
 */
export function parseWorkloadName(text: string): WorkloadName {
  const [kindText = '', name, ...rest] = text.split('/');
  const kind = kinds[kindText.toLowerCase()];
  if (kind !== undefined && name && rest.length === 0) return { kind, name };
  const near = kind === undefined && name ? nearest(kindText, Object.keys(kinds)) : undefined;
  const hint =
    near === undefined
      ? 'expected deploy/NAME, sts/NAME or ds/NAME'
      : `did you mean '${near}/${name}'?`;
  throw new Fault('usage-invalid', `'${text}' names no workload; ${hint}`);
}
