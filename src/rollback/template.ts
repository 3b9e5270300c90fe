import { canonicalDigest, canonicalJson } from '../core/canonical.ts';
import type { Digest } from '../core/digest.ts';
import { isRecord, listAt, recordAt, stringAt } from '../validators/manifest/read.ts';

export type PodTemplate = Readonly<Record<string, unknown>>;

/** Label that the Deployment controller adds to the template of a ReplicaSet. */
const addedLabel = 'pod-template-hash';

/**
 * The template as it belongs into a workload: without what the controller of a ReplicaSet adds, and
 * without the directive that makes the data of a ControllerRevision a patch.
 */
export function plainTemplate(value: unknown): PodTemplate {
  const { $patch: _, ...template } = recordAt(value);
  const metadata = recordAt(template, 'metadata');
  const labels = Object.entries(recordAt(metadata, 'labels')).filter(([key]) => key !== addedLabel);
  return withoutNulls({
    ...template,
    metadata: { ...metadata, labels: Object.fromEntries(labels) },
  });
}

/** Stored revisions may say `creationTimestamp: null` where the server now says nothing. */
function withoutNulls(template: PodTemplate): PodTemplate {
  const text = canonicalJson(template);
  return recordAt(
    JSON.parse(text, (_, value: unknown) => {
      if (!isRecord(value)) return value;
      return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null));
    }),
  );
}

export function templateDigest(template: PodTemplate): Digest {
  return canonicalDigest(template);
}

export interface TemplateContainer {
  readonly name: string;
  readonly image: string;
  readonly pullPolicy: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly init: boolean;
}

/** Init containers first, as they run. */
export function containersOf(template: PodTemplate): TemplateContainer[] {
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    listAt(template, 'spec', list).map((entry): TemplateContainer => {
      const value = recordAt(entry);
      return {
        name: stringAt(value, 'name') ?? '',
        image: stringAt(value, 'image') ?? '',
        pullPolicy: stringAt(value, 'imagePullPolicy') ?? 'IfNotPresent',
        value,
        init: list === 'initContainers',
      };
    }),
  );
}

export function imagesOf(template: PodTemplate): string[] {
  return [...new Set(containersOf(template).map(({ image }) => image))];
}
