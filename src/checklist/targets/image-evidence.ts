import { isImage } from '../../validators/image/image.ts';
import { evidenceOf } from '../../validators/supply-chain/evidence.ts';
import { listingOf } from '../../validators/supply-chain/listing.ts';
import { attachedDocuments, loadDocuments } from '../../validators/supply-chain/load.ts';
import { keyFilesIn, loadKeys } from '../../validators/supply-chain/signing/keys.ts';
import type { Loader } from './context.ts';
import { evidenceName } from './listing.ts';
import { settle } from './loaded.ts';

/** What is said of each service's image; nothing for one that names no evidence, where no key is trusted. */
export const loadImageEvidence: Loader = async (context, of) => {
  const { signal, scope } = context;
  const { root, value } = context.config;
  const images = await of('image');
  const keyFiles = keyFilesIn(value.rules.options);
  const settled = await Promise.all(
    (value.services ?? []).map(async ({ name, image: reference, evidence = [] }, at) => {
      const image = images[at]?.target;
      if (evidence.length + keyFiles.length === 0 || !isImage(image)) return [];
      const reading = Promise.all([
        loadKeys(keyFiles, root),
        loadDocuments(evidence, root),
        attachedDocuments(image, { root, signal, scope, systems: context.imageSystems }),
      ]).then(([keys, ...documents]) => evidenceOf(image, documents.flat(), keys));
      const one = await settle('imageEvidence', evidence.join(' ') || reference, reading);
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
