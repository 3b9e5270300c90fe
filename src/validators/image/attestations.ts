import type { Scope } from '../../core/scope.ts';
import { openFiles } from './archive.ts';
import type { ImageFiles } from './blobs.ts';
import type { ImageSystems } from './load.ts';
import { sourceOf } from './source.ts';
import { createSpool, unpackWhole } from './spool.ts';

export interface AttestationOptions {
  readonly root: string;
  readonly signal: AbortSignal;
  /** Owns what has to lie on disk meanwhile. */
  readonly scope: Scope;
  /** Where images of registries have what refers to them. */
  readonly systems: Pick<ImageSystems, 'registry'>;
}

/**
 * The files that an image of a layout lies among.
 * @param reference as loadImage takes it; undefined for what is no layout
 * @throws Fault `input-missing`, `image-unreadable`, `image-damaged`, `output-unwritable`
 */
export async function layoutOf(
  reference: string,
  { root, signal, scope }: Pick<AttestationOptions, 'root' | 'signal' | 'scope'>,
): Promise<ImageFiles | undefined> {
  const source = await sourceOf(reference, root);
  if (source.from !== 'disk') return undefined;
  const spool = createSpool(scope, signal);
  return openFiles(source.place, (packed) => unpackWhole(spool, packed), signal);
}
