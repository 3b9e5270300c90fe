import type { RollbackPlan } from './observation.ts';

type Decided = Pick<RollbackPlan, 'cluster' | 'workloads' | 'migrations' | 'keepSchema'>;

/**
 * What a person agrees to, by name: everything that would make it another decision when it changed.
 * Numbers that move by themselves (replicas, status, caches, times) are not among it.
 */
export function decisionOf({
  cluster,
  workloads,
  migrations,
  keepSchema,
}: Decided): Readonly<Record<string, unknown>> {
  const entries: [string, unknown][] = [
    ['cluster', [cluster.server, cluster.namespace]],
    ['--keep-schema', keepSchema],
    ...workloads.flatMap((workload): [string, unknown][] => {
      const object = `${workload.kind.toLowerCase()}/${workload.name}`;
      const { target } = workload;
      return [
        [object, [workload.uid, workload.spec]],
        [`target of ${object}`, target && [target.uid, target.template]],
        [`pods to delete of ${object}`, workload.deletesStuckPods ? workload.stuckPods : []],
        ...workload.images.map(({ image, digest }): [string, unknown] => [
          `image ${image}`,
          digest,
        ]),
        ...workload.references.map((entry): [string, unknown] => [
          `${entry.kind} ${entry.name}`,
          [entry.state, entry.uid, entry.resourceVersion],
        ]),
      ];
    }),
    ...migrations.map(({ service, state, steps }): [string, unknown] => [
      `migrations of ${service}`,
      [state, steps.map(({ version, down, losses }) => [version, down, losses])],
    ]),
  ];
  return Object.fromEntries(entries);
}

/** The names of what differs, for people. */
export function changesBetween(before: Decided, now: Decided): string[] {
  const [old, fresh] = [decisionOf(before), decisionOf(now)];
  const names = new Set([...Object.keys(old), ...Object.keys(fresh)]);
  return [...names].filter((name) => JSON.stringify(old[name]) !== JSON.stringify(fresh[name]));
}
