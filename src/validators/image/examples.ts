import type { Example } from '../../core/check.ts';
import type { Image } from './image.ts';
import { imageOfRecipe } from './recipe.ts';

/** The image an example's recipe stands for, made without touching the disk. */
export function targetOfExample(example: Example): Promise<Image> {
  return imageOfRecipe(example.text);
}
