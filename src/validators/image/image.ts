import type { CheckContext } from '../../core/check.ts';
import { Fault } from '../../core/fault.ts';
import type { Target } from '../../core/target.ts';
import type { ImageConfig } from './config.ts';
import type { Described } from './described.ts';
import type { Filesystem } from './filesystem.ts';
import type { Step } from './history.ts';
import type { Layer } from './layer.ts';
import type { Damage } from './layout.ts';
import type { StructureFile } from './structure/format.ts';

/**
 * An image, read to its last byte. A damaged one is an image too: `damage` says what is wrong, which
 * is the finding of image/integrity, and the other checks refuse to judge it.
 */
export interface Image extends Target {
  readonly kind: 'image';
  /** Digest of the config, which engines call the image's id; null when there is no telling. */
  readonly id: string | null;
  /**
   * All that the image is known by, from the index it was chosen from down to its config. Which of them
   * `digest` is depends on the source: that of the manifest, or of the config where there is none.
   */
  readonly digests: readonly string[];
  /** Null when the manifest or the config is damaged. */
  readonly config: ImageConfig | null;
  /** How it was built, from the first step on; empty without a config. */
  readonly steps: readonly Step[];
  /** From the lowest up. */
  readonly layers: readonly Layer[];
  /** Of the layers that are whole. */
  readonly filesystem: Filesystem;
  readonly damage: readonly Damage[];
  readonly platforms?: Described['platforms'];
  readonly tag?: Described['tag'];
  /** Of the manifest. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The image that somebody says it was built on. */
  readonly givenBase?: Image;
  /** Files of container-structure-test that were named for it. */
  readonly structure?: readonly StructureFile[];
  /** The release before, to compare it with. */
  readonly earlier?: Image;
}

export function isImage(target: Target | undefined): target is Image {
  return target?.kind === 'image';
}

/**
 * The config, for a check that needs nothing else.
 * @throws Fault `image-damaged`, which makes the check inconclusive.
 */
export function requireConfig({ target }: CheckContext<Image>): ImageConfig {
  if (target.config) return target.config;
  throw damagedFault(target);
}

/**
 * The config of an image whose layers are all whole.
 * @throws Fault `image-damaged`, which makes the check inconclusive.
 */
export function requireContent(context: CheckContext<Image>): ImageConfig {
  const config = requireConfig(context);
  if (context.target.damage.length === 0) return config;
  throw damagedFault(context.target);
}

function damagedFault({ name, damage }: Image): Fault {
  const reasons = damage.map(({ part, blob, message }) => `${part} ${blob}: ${message}`);
  const isWhole = damage.every(({ kind }) => kind === 'foreign');
  return new Fault(
    isWhole ? 'image-incomplete' : 'image-damaged',
    `${name}: ${reasons.join('; ')}`,
  );
}
