import { posix, resolve } from 'node:path';
import { Fault } from '../../core/fault.ts';
import { expandVariables } from './config.ts';
import type { Image } from './image.ts';
import { type LoadImageOptions, loadImage } from './load.ts';
import type { StructureFile } from './structure/format.ts';

/** What is named beside an image, by flags or by the configuration. */
export interface Beside {
  /** References of the base and of the release before. */
  readonly base?: string | undefined;
  readonly against?: string | undefined;
  /** Files of structure tests. */
  readonly structure?: readonly string[] | undefined;
}

/**
 * An image with what is to be looked at beside it.
 *
 * @throws Faults of {@link loadImage}, and Fault `image-tests-invalid`
 */
export async function loadImageBeside(
  reference: string,
  { base, against, structure = [] }: Beside,
  options: LoadImageOptions,
): Promise<Image> {
  const files = structure.length === 0 ? [] : await readStructure(structure, options.root);
  const [image, givenBase, earlier] = await Promise.all([
    loadWithTexts(reference, files, options),
    base === undefined ? undefined : loadOther('the base', base, options),
    against === undefined ? undefined : loadOther('the release before', against, options),
  ]);
  return {
    ...image,
    ...(files.length > 0 && { structure: files }),
    ...(givenBase && { givenBase }),
    ...(earlier && { earlier }),
  };
}

/** Rules that are run whatever the preset, since what they look at was named. */
export function rulesAskedFor({ against, structure }: Beside): readonly string[] {
  return [
    ...(against === undefined ? [] : ['image/regression']),
    ...(structure === undefined ? [] : ['image/structure']),
  ];
}

/** Says which of several images it is that could not be read. */
async function loadOther(
  what: string,
  reference: string,
  options: LoadImageOptions,
): Promise<Image> {
  try {
    return await loadImage(reference, options);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault(error.code, `${what}: ${error.message}`, { cause: error });
  }
}

/** What reads such files is loaded where there are some. */
async function readStructure(files: readonly string[], root: string): Promise<StructureFile[]> {
  const { readStructureFile } = await import('./structure/format.ts');
  return Promise.all(files.map((file) => readStructureFile(file, resolve(root, file))));
}

/** The files whose text the tests read, as paths in an image. */
function contentPaths(files: readonly StructureFile[]): readonly string[] {
  return files.flatMap(({ tests }) => tests.fileContentTests.map(({ path }) => path));
}

/** Reads once; and once more where a path leads over links, which only the image itself tells. */
async function loadWithTexts(
  reference: string,
  files: readonly StructureFile[],
  options: LoadImageOptions,
): Promise<Image> {
  const keep = contentPaths(files).map((path) => posix.resolve('/', path).slice(1));
  if (keep.length === 0) return loadImage(reference, options);
  const image = await loadImage(reference, { ...options, keep });
  const { config } = image;
  if (!config) return image;
  const real = contentPaths(files).flatMap((path) => {
    const node = image.filesystem.lookup(expandVariables(path, config));
    const isKept = !node || image.layers[node.layer]?.texts.has(node.index);
    return isKept ? [] : (image.layers[node.layer]?.entries[node.index]?.path ?? []);
  });
  return real.length === 0 ? image : loadImage(reference, { ...options, keep: [...keep, ...real] });
}
