import type { Example } from '../../core/check.ts';
import { fieldOf, objectOf, parseObject } from '../../core/json.ts';
import { imageOfRecipe } from '../image/recipe.ts';
import { evidenceOf, type ImageEvidence } from './evidence.ts';
import { readEvidence } from './read.ts';

/** Stands in an example for the digest of its image, which nobody can know beforehand. */
export const imageDigest = 'sha256:IMAGE';
/** The same without its algorithm. */
export const imageHex = 'HEX-OF-IMAGE';

/** `{image: RECIPE, documents: {FILE: CONTENT}}`, made into a target without touching the disk. */
export async function targetOfExample(example: Pick<Example, 'text'>): Promise<ImageEvidence> {
  const json = parseObject(example.text);
  const recipe = fieldOf(json, 'image') ?? { config: {}, layers: [] };
  const image = await imageOfRecipe(JSON.stringify(recipe));
  const documents = Object.entries(objectOf(fieldOf(json, 'documents')) ?? {}).map(
    ([file, content]) => {
      const text = JSON.stringify(content)
        .replaceAll(imageDigest, image.digest)
        .replaceAll(imageHex, image.digest.slice('sha256:'.length));
      return readEvidence(file, Buffer.from(text));
    },
  );
  return evidenceOf(image, documents);
}

/** Examples stand in `meta` as the JSON that a person would write. */
export function documents(
  files: Readonly<Record<string, unknown>>,
  image?: Readonly<Record<string, unknown>>,
): string {
  return JSON.stringify({ ...(image && { image }), documents: files }, undefined, 2);
}
