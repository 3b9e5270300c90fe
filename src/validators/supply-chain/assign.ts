import type { Image } from '../image/image.ts';
import { bindingOf } from './binding.ts';
import type { EvidenceDocument } from './document.ts';
import { evidenceOf, type ImageEvidence } from './evidence.ts';
import type { TrustedKey } from './signing/keys.ts';

/**
 * Gives each image what is about it. What is about none of them goes to all, whose rules say that it is
 * wrong; what is about another of them is nobody's mistake.
 */
export function assign(
  documents: readonly EvidenceDocument[],
  images: readonly Image[],
  keys: readonly TrustedKey[] = [],
): readonly ImageEvidence[] {
  const states = documents.map((document) => {
    const ofImages = images.map((image) => bindingOf(document, image).state);
    return { document, ofImages, isAnyones: ofImages.includes('bound') };
  });
  return images.map((image, at) =>
    evidenceOf(
      image,
      states.flatMap(({ document, ofImages, isAnyones }) =>
        isAnyones && ofImages[at] !== 'bound' ? [] : [document],
      ),
      keys,
    ),
  );
}
