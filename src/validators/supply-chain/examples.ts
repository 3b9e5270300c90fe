import type { Example } from '../../core/check.ts';
import { fieldOf, objectOf, parseObject, textsOf } from '../../core/json.ts';
import { imageOfRecipe } from '../image/recipe.ts';
import { evidenceOf, type ImageEvidence } from './evidence.ts';
import { imageDigest, imageHex } from './example-documents.ts';
import { readEvidence } from './read.ts';
import { makeKeyPair, signatureDocument } from './signing/example.ts';

/**
 * `{image: RECIPE, documents: {FILE: CONTENT}}`, made into a target without touching the disk. `keys` and `signedBy`
 * name keys: those that are trusted, and those that the image is signed with, which is done for real.
 */
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
  const trusted = textsOf(fieldOf(json, 'keys')) ?? [];
  const signedBy = textsOf(fieldOf(json, 'signedBy')) ?? [];
  const pairs = new Map([...trusted, ...signedBy].map((name) => [name, makeKeyPair(name)]));
  const pairsOf = (names: readonly string[]) => names.flatMap((name) => pairs.get(name) ?? []);
  const signatures = pairsOf(signedBy).map((pair) => signatureDocument(image.digest, pair));
  const keys = pairsOf(trusted).map((pair) => pair.trusted);
  return evidenceOf(image, [...documents, ...signatures], keys);
}
