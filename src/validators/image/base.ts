import type { ImageConfig } from './config.ts';
import type { Image } from './image.ts';

/** The image that another one was built on, as far as it is known. */
export interface Base {
  /** How many of the lowest layers, and of the first lines of the history, are its own. */
  readonly layers: number;
  readonly steps: number;
  /** What tells where it ends. */
  readonly evidence: 'layers' | 'history';
  /** The image that was given as base, or whose name an annotation holds. */
  readonly name: string | undefined;
}

/** What the image says of its base: annotations come first, labels of the same name stand in for them. */
export function namedBase({ annotations = {}, config }: Image): {
  readonly name: string | undefined;
  readonly digest: string | undefined;
} {
  const value = (key: string) => annotations[key] ?? config?.labels[key];
  return {
    name: value('org.opencontainers.image.base.name') || undefined,
    digest: value('org.opencontainers.image.base.digest') || undefined,
  };
}

/** How many of an image's lowest layers are those of another image; undefined when not all of that are. */
export function layersShared(
  image: Pick<ImageConfig, 'diffIds'>,
  base: Pick<ImageConfig, 'diffIds'>,
): number | undefined {
  const { diffIds } = base;
  const isOnTop = diffIds.length <= image.diffIds.length;
  return isOnTop && diffIds.every((diffId, index) => diffId === image.diffIds[index])
    ? diffIds.length
    : undefined;
}

/**
 * Where the base of an image ends. A base that was given and is below counts most; else a guess: base images end
 * with the command they start, so they reach up to the last CMD or ENTRYPOINT that has layers above it.
 */
export function baseOf(image: Image): Base | undefined {
  const { config, givenBase } = image;
  if (!config) return undefined;
  const below = givenBase?.config ?? undefined;
  const shared = below && layersShared(config, below);
  if (givenBase && below && shared !== undefined) {
    const steps = below.history.length;
    return { layers: shared, steps, evidence: 'layers', name: givenBase.name };
  }
  const guess = guessed(image);
  return guess && { ...guess, evidence: 'history', name: namedBase(image).name };
}

function guessed({ steps }: Image): Pick<Base, 'layers' | 'steps'> | undefined {
  const top = steps.findLastIndex(({ layer }) => layer !== undefined);
  const end = steps
    .slice(0, Math.max(top, 0))
    .findLastIndex(
      ({ instruction, emptyLayer }) =>
        emptyLayer && (instruction === 'CMD' || instruction === 'ENTRYPOINT'),
    );
  const below = steps.slice(0, end + 1);
  const layers = below.filter(({ layer }) => layer !== undefined).length;
  return layers === 0 ? undefined : { layers, steps: below.length };
}
