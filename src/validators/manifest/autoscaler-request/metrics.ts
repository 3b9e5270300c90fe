import type { ManifestObject } from '../load.ts';
import { listAt, numberAt, type Path, stringAt } from '../read.ts';

/** A metric of a HorizontalPodAutoscaler that is a share of what containers request. */
export interface UtilizationMetric {
  readonly resource: 'cpu' | 'memory';
  /** The one container it looks at; all of them when undefined. */
  readonly container: { readonly name: string; readonly path: Path } | undefined;
  readonly path: Path;
}

/** The metrics of the newer APIs, the one of autoscaling/v1, or the default where there is none. */
export function utilizationMetrics(scaler: ManifestObject): UtilizationMetric[] {
  const metrics = listAt(scaler.value, 'spec', 'metrics');
  if (metrics.length === 0) {
    const path = ['spec', 'targetCPUUtilizationPercentage'];
    // How autoscaling/v1 keeps the metrics of later versions.
    const kept = stringAt(scaler.value, 'metadata', 'annotations', keptMetrics) !== undefined;
    if (kept && numberAt(scaler.value, ...path) === undefined) return [];
    // SetDefaults_HorizontalPodAutoscaler: 80 % of CPU.
    return [{ resource: 'cpu', container: undefined, path }];
  }
  return metrics.flatMap((metric, index): UtilizationMetric[] => {
    const field = fields.get(stringAt(metric, 'type') ?? '');
    const resource = field && stringAt(metric, field, 'name');
    const share =
      field &&
      (numberAt(metric, field, 'target', 'averageUtilization') ??
        numberAt(metric, field, 'targetAverageUtilization'));
    if (!field || share === undefined || (resource !== 'cpu' && resource !== 'memory')) return [];
    const at = ['spec', 'metrics', index, field];
    const name = stringAt(metric, field, 'container');
    const container = name === undefined ? undefined : { name, path: [...at, 'container'] };
    return [{ resource, container, path: [...at, 'name'] }];
  });
}

const keptMetrics = 'autoscaling.alpha.kubernetes.io/metrics';

const fields: ReadonlyMap<string, string> = new Map([
  ['Resource', 'resource'],
  ['ContainerResource', 'containerResource'],
]);
