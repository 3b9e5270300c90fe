import type { Location } from '../../core/finding.ts';
import type { FileNode } from './filesystem.ts';
import type { Image } from './image.ts';

/** A field of the image's config, as `config.User`. */
export function configLocation(image: Image, path: string): Location {
  return { file: image.name, path };
}

/** A file, and the layer that holds its bytes. */
export function fileLocation(
  image: Image,
  { path, layer }: Pick<FileNode, 'path' | 'layer'>,
): Location {
  const digest = image.layers[layer]?.digest;
  return digest === undefined ? { path: `/${path}` } : { path: `/${path}`, layer: digest };
}

/** Example recipes stand in `meta` as the JSON that a person would write. */
export function recipe(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
