import type { CheckContext } from '../../core/check.ts';
import { Fault } from '../../core/fault.ts';
import type { Target } from '../../core/target.ts';
import type { ImageConfig } from './config.ts';
import type { Filesystem } from './filesystem.ts';
import type { Layer } from './layer.ts';
import type { Damage } from './layout.ts';

/**
 * An image, read to its last byte. A damaged one is an image too: `damage` says what is wrong, which
 * is the finding of image/integrity, and the other checks refuse to judge it.
 */
export interface Image extends Target {
  readonly kind: 'image';
  /** Null when the manifest or the config is damaged. */
  readonly config: ImageConfig | null;
  /** From the lowest up. */
  readonly layers: readonly Layer[];
  /** Of the layers that are whole. */
  readonly filesystem: Filesystem;
  readonly damage: readonly Damage[];
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
  return new Fault('image-damaged', `${name}: ${reasons.join('; ')}`);
}
