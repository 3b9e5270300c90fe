import type { Kube } from '../adapters/kube/kube.ts';
import type { Location } from '../core/finding.ts';
import type { ManifestObject } from '../validators/manifest/load.ts';
import { partAt } from '../validators/manifest/read.ts';
import { type WorkloadName, workloadKinds } from './observation.ts';
import { imagesOf, plainTemplate } from './template.ts';
import { selectorText } from './workload.ts';

/** A workload as the manifests of a release describe it. */
export interface ReleaseWorkload extends WorkloadName {
  readonly images: readonly string[];
  /** As queries write it. */
  readonly selector: string;
  /** Where its selector stands. */
  readonly place: Location;
}

/** The workloads among the objects of a release that keep a history. */
export function workloadsOf(objects: readonly ManifestObject[]): ReleaseWorkload[] {
  return objects.flatMap((object): ReleaseWorkload[] => {
    const { apiVersion, name, value, file } = object;
    const kind = workloadKinds.find((candidate) => candidate === object.kind);
    if (kind === undefined || apiVersion !== 'apps/v1') return [];
    const { line, column } = object.locate(['spec', 'selector']);
    return [
      {
        kind,
        name,
        images: imagesOf(plainTemplate(partAt(value, 'spec', 'template'))),
        selector: selectorText(partAt(value, 'spec', 'selector')),
        place: { file, line, column, path: 'spec.selector' },
      },
    ];
  });
}

export interface Standing {
  /** The workloads of the release that are in the cluster, in whatever version. */
  readonly present: readonly ReleaseWorkload[];
  /** Whether all of them run the images of the release: it is there, and not about to come. */
  readonly running: boolean;
}

/** How far a release has come into a namespace. @throws what {@link Kube} throws */
export async function standingOf(
  kube: Kube,
  workloads: readonly ReleaseWorkload[],
  namespace: string,
  signal: AbortSignal,
): Promise<Standing> {
  const found = await Promise.all(
    workloads.map(async (workload) => {
      const { kind, name } = workload;
      const live = await kube.get({ apiVersion: 'apps/v1', kind, name, namespace }, signal);
      return (
        live && { workload, images: imagesOf(plainTemplate(partAt(live, 'spec', 'template'))) }
      );
    }),
  );
  const present = found.flatMap((entry) => entry ?? []);
  const same = ({ workload, images }: (typeof present)[number]) =>
    workload.images.toSorted().join(' ') === images.toSorted().join(' ');
  return {
    present: present.map(({ workload }) => workload),
    running: present.length === workloads.length && present.every(same),
  };
}
