import type { ImageEvidence } from './evidence.ts';

/** What evidence there was, as evidence itself: which files, of which tool and day, and how they were bound. */
export function listingOf({ image, documents }: ImageEvidence): string {
  const listing = {
    image: image.digest,
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
    })),
  };
  return `${JSON.stringify(listing, null, 2)}\n`;
}
