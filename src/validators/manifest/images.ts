import { type ImageReference, isReferenceProblem, readReference } from '../../core/reference.ts';
import { oncePerSet } from './once-per-set.ts';
import { type Path, stringAt } from './read.ts';
import { type Container, type PodTemplate, podTemplates } from './workloads.ts';

/** Tags that builds overwrite by habit. */
const movingTags = new Set(['main', 'master', 'edge', 'stable', 'nightly', 'dev', 'develop']);

/** What lets a reference name another image tomorrow; undefined where tag or digest stay. */
export function wayToMove({
  tag,
  digest,
}: ImageReference): 'no-tag' | 'latest' | 'moving' | undefined {
  if (digest !== undefined) return undefined;
  if (tag === undefined) return 'no-tag';
  if (tag.toLowerCase() === 'latest') return 'latest';
  return movingTags.has(tag) ? 'moving' : undefined;
}

export interface NamedImage {
  readonly template: PodTemplate;
  readonly container: Container;
  /** As it is written. */
  readonly image: string;
  readonly reference: ImageReference;
  readonly path: Path;
}

/**
 * The images of all containers; what is no reference is left to manifest/image-tag. Read once, for
 * several rules ask.
 */
export const imagesOf = oncePerSet((set): readonly NamedImage[] =>
  podTemplates(set).flatMap((template) =>
    template.containers.flatMap((container) => {
      const image = stringAt(container.value, 'image');
      const reference = image ? readReference(image) : undefined;
      if (!image || !reference || isReferenceProblem(reference)) return [];
      return [{ template, container, image, reference, path: [...container.path, 'image'] }];
    }),
  ),
);

/** `imagePullPolicy`, or what the API server sets where it is missing. */
export function pullPolicy({ container, reference }: NamedImage): string {
  const moves = wayToMove(reference);
  const latest = moves === 'no-tag' || moves === 'latest';
  return stringAt(container.value, 'imagePullPolicy') ?? (latest ? 'Always' : 'IfNotPresent');
}
