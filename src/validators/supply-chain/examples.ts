import type { Example } from '../../core/check.ts';
import { fieldOf, objectOf, parseObject } from '../../core/json.ts';
import { imageOfRecipe } from '../image/recipe.ts';
import { evidenceOf, type ImageEvidence } from './evidence.ts';
import { imageDigest, imageHex } from './example-documents.ts';
import { readEvidence } from './read.ts';

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
