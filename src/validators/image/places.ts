import type { Location, Origin } from '../../core/finding.ts';
import { type Base, baseOf } from './base.ts';
import type { FileNode } from './filesystem.ts';
import type { Step } from './history.ts';
import type { Image } from './image.ts';

/** Which instruction sets a field of the config. */
const setBy: readonly (readonly [field: RegExp, instruction: string])[] = [
  [/^config\.User$/, 'USER'],
  [/^config\.Env/, 'ENV'],
  [/^config\.Entrypoint/, 'ENTRYPOINT'],
  [/^config\.Cmd/, 'CMD'],
  [/^config\.WorkingDir$/, 'WORKDIR'],
  [/^config\.Labels/, 'LABEL'],
  [/^config\.Healthcheck/, 'HEALTHCHECK'],
  [/^config\.ExposedPorts/, 'EXPOSE'],
  [/^config\.Volumes/, 'VOLUME'],
  [/^config\.StopSignal$/, 'STOPSIGNAL'],
  [/^config\.Shell/, 'SHELL'],
  [/^config\.OnBuild/, 'ONBUILD'],
];

/**
 * A field of the image's config, as `config.User`, with the last step of the build that set it; `holding` is what
 * the line of that step has to hold, such as the name of a variable.
 */
export function configLocation(image: Image, path: string, holding = ''): Location {
  const place = { file: image.name, path };
  const { steps } = image;
  const line = /^history\[(\d+)\]/.exec(path)?.[1];
  const wanted = setBy.find(([field]) => field.test(path))?.[1];
  const step =
    line === undefined
      ? steps.findLast(({ instruction, rest }) => instruction === wanted && rest.includes(holding))
      : steps[Number(line)];
  return step ? { ...place, origin: originOf(image, step.layer, step) } : place;
}

/** A line of the history. */
export function stepLocation(image: Image, { index }: Pick<Step, 'index'>): Location {
  return configLocation(image, `history[${index}].created_by`);
}

/**
 * A layer, given by its index: by the digest of what is unpacked, because the digest of a blob depends on how the
 * source compressed it, if it did.
 */
export function layerLocation(image: Image, layer: number): Location {
  const diffId = image.layers[layer]?.diffId;
  const { steps } = image;
  const step = steps.find((one) => one.layer === layer);
  return {
    ...(diffId === undefined ? {} : { layer: diffId }),
    origin: originOf(image, layer, step),
  };
}

/** A file, and the layer that holds its bytes. */
export function fileLocation(
  image: Image,
  { path, layer }: Pick<FileNode, 'path' | 'layer'>,
): Location {
  return { path: `/${path}`, ...layerLocation(image, layer) };
}

function originOf(image: Image, layer: number | undefined, step: Step | undefined): Origin {
  const base = baseIn(image);
  const own = {
    ...(layer === undefined ? {} : { layer: layer + 1 }),
    ...(step && { step: step.text }),
  };
  if (!base) return { ...own, owner: 'unknown', by: 'nothing' };
  const isBase = layer === undefined ? (step?.index ?? 0) < base.steps : layer < base.layers;
  const name = isBase && base.name !== undefined ? { base: base.name } : {};
  return { ...own, owner: isBase ? 'base' : 'mine', by: base.evidence, ...name };
}

/** Looked for once in each image. */
export function baseIn(image: Image): Base | undefined {
  if (!bases.has(image)) bases.set(image, baseOf(image));
  return bases.get(image);
}

const bases = new WeakMap<Image, Base | undefined>();

/** Example recipes stand in `meta` as the JSON that a person would write. */
export function recipe(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** The least that is a program for examples: the header of a static ELF file for amd64. */
export const staticProgram = {
  mode: '0755',
  base64: `f0VMRgIBAQAAAAAAAAAAAAAAPgA${'A'.repeat(59)}==`,
} as const;
