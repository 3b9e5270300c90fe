import type { ImageEvidence } from './evidence.ts';
import { signerOf } from './signing/verify.ts';

/** What evidence there was, as evidence itself: which files, of which tool and day, and how they were bound. */
export function listingOf({ image, documents, keys }: ImageEvidence): string {
  const listing = {
    image: image.digest,
    keys: keys.map(({ file, fingerprint }) => ({ file, fingerprint })),
    documents: documents.map(({ document, binding }) => ({
      file: document.file,
      digest: document.digest,
      format: document.format,
      tool: document.tool,
      madeAt: document.madeAt?.toISOString() ?? null,
      databaseBuiltAt: document.databaseBuiltAt?.toISOString() ?? null,
      binding,
      vulnerabilities: document.vulnerabilities?.length ?? null,
      components: document.components?.length ?? null,
      statements: document.statements.length,
      signed: document.signed.map((signed) => ({
        ...{ of: signed.of, about: signed.about, reference: signed.reference },
        hasCertificate: signed.hasCertificate,
        by: signerOf(signed, keys)?.fingerprint ?? null,
      })),
    })),
  };
  return `${JSON.stringify(listing, null, 2)}\n`;
}
