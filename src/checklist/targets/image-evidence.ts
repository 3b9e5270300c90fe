import { isImage } from '../../validators/image/image.ts';
import { evidenceOf } from '../../validators/supply-chain/evidence.ts';
import { listingOf } from '../../validators/supply-chain/listing.ts';
import { attachedDocuments, loadDocuments } from '../../validators/supply-chain/load.ts';
import type { Loader } from './context.ts';
import { evidenceName } from './listing.ts';
import { settle } from './loaded.ts';

/** What is said of each service's image; nothing for a service that names no evidence. */
export const loadImageEvidence: Loader = async (context, of) => {
  const { signal, scope } = context;
  const { root, value } = context.config;
  const images = await of('image');
  const settled = await Promise.all(
    (value.services ?? []).map(async ({ name, evidence }, at) => {
      const image = images[at]?.target;
      if (!evidence || !isImage(image)) return [];
      const reading = Promise.all([
        loadDocuments(evidence, root),
        attachedDocuments(image, { root, signal, scope }),
      ]).then((documents) => evidenceOf(image, documents.flat()));
      const one = await settle('imageEvidence', evidence.join(' '), reading);
      if (!one.target) return [one];
      const entry = await context.evidence.add({
        name: evidenceName(`evidence-${name}.json`),
        mediaType: 'application/json',
        content: listingOf(await reading),
        how: `read ${one.target.source}, compared by digest with ${image.source}`,
      });
      return [{ ...one, evidence: entry }];
    }),
  );
  return settled.flat();
};
