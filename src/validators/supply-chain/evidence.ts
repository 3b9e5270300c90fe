import type { CheckContext } from '../../core/check.ts';
import { sha256 } from '../../core/digest.ts';
import type { Target } from '../../core/target.ts';
import type { Image } from '../image/image.ts';
import { type Binding, bindingOf } from './binding.ts';
import type { EvidenceDocument } from './document.ts';
import type { TrustedKey } from './signing/keys.ts';

export interface BoundDocument {
  readonly document: EvidenceDocument;
  readonly binding: Binding;
}

/** An image together with what others say about it. Rules of this family judge it. */
export interface ImageEvidence extends Target {
  readonly kind: 'imageEvidence';
  readonly image: Image;
  readonly documents: readonly BoundDocument[];
  /** By which signatures have to be. */
  readonly keys: readonly TrustedKey[];
}

export function evidenceOf(
  image: Image,
  documents: readonly EvidenceDocument[],
  keys: readonly TrustedKey[] = [],
): ImageEvidence {
  const listing = [
    ...documents.map(({ digest, file }) => `${digest} ${file}\n`),
    ...keys.map(({ fingerprint, file }) => `${fingerprint} ${file}\n`),
  ];
  return {
    kind: 'imageEvidence',
    name: image.name,
    digest: sha256([image.digest, ...listing.toSorted()].join('\n')),
    source: documents.map(({ file }) => file).join(' '),
    image,
    keys,
    documents: documents.map((document) => ({ document, binding: bindingOf(document, image) })),
  };
}

/** The documents that are proven to be about the image, or are about no single one. */
export function trusted({ documents }: ImageEvidence): readonly EvidenceDocument[] {
  return documents.flatMap(({ document, binding }) =>
    binding.state === 'bound' || binding.state === 'general' ? [document] : [],
  );
}

/** Says what of the evidence counts for nothing because it names no image. */
export function leaveOutUnbound(context: CheckContext<ImageEvidence>): void {
  for (const { document, binding } of context.target.documents) {
    if (binding.state !== 'unbound') continue;
    context.notExamined(
      document.file,
      `this ${document.format} document names no image by its digest, so it may be about another`,
    );
  }
}
