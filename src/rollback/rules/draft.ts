import type { Draft, Severity } from '../../core/finding.ts';
import type { RollbackPlan, WorkloadPlan } from '../observation.ts';

/** A finding about a workload of the plan. */
export function draftOf(
  { apiVersion, kind, namespace, name }: WorkloadPlan,
  messageId: string,
  data: Readonly<Record<string, string | number>> = {},
  severity?: Severity,
): Draft {
  return {
    messageId,
    data: { object: objectName({ kind, name }), ...data },
    location: {},
    object: { apiVersion, kind, namespace, name },
    ...(severity !== undefined && { severity }),
  };
}

export function objectName({ kind, name }: Pick<WorkloadPlan, 'kind' | 'name'>): string {
  return `${kind.toLowerCase()}/${name}`;
}

/** Whether the target runs and is well: then what could not be looked at before is answered. */
export function isBack(
  { executions }: RollbackPlan,
  { kind, name }: Pick<WorkloadPlan, 'kind' | 'name'>,
): boolean {
  const own = executions?.find((entry) => entry.kind === kind && entry.name === name);
  return own?.outcome === 'healthy';
}
