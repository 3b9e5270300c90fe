import { objectsOfGroup } from '../kinds.ts';
import { oncePerSet } from '../once-per-set.ts';
import { type Path, stringAt } from '../read.ts';
import { namedAt, type Reference } from '../references/reference.ts';

/** Autoscalers, by group and kind, with the field that names what they scale. */
const scalers: readonly (readonly [group: string, kind: string, field: Path])[] = [
  ['autoscaling', 'HorizontalPodAutoscaler', ['spec', 'scaleTargetRef']],
  ['autoscaling.k8s.io', 'VerticalPodAutoscaler', ['spec', 'targetRef']],
];

/** The workloads that autoscalers scale. */
export const scaleReferences = oncePerSet((set) =>
  scalers.flatMap(([group, scaler, field]) =>
    objectsOfGroup(set, group, scaler).flatMap((from): readonly Reference[] => {
      const kind = stringAt(from.value, ...field, 'kind');
      const apiVersion = stringAt(from.value, ...field, 'apiVersion') ?? '';
      if (!kind) return [];
      return namedAt(from, [...field, 'name'], { apiVersion, kind });
    }),
  ),
);
