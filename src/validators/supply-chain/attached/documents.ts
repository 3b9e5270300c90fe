import { sha256 } from '../../../core/digest.ts';
import { Fault } from '../../../core/fault.ts';
import type { Image } from '../../image/image.ts';
import {
  attachedHole,
  type Content,
  type EvidenceDocument,
  nothing,
  type Signed,
  type SubjectName,
} from '../document.ts';
import { readEvidence } from '../read.ts';
import { readSimpleSigning } from '../signing/simple.ts';
import type { Attached, Attachment, Unread } from './collect.ts';
import { isDocument, simpleSigning } from './media-types.ts';

/** What documents found beside an image say, each about the digest that it was found by. */
export function documentsOf(
  { name, digest }: Pick<Image, 'name' | 'digest'>,
  { attachments, unread }: Attached,
): readonly EvidenceDocument[] {
  return [
    ...attachments.flatMap((one) => documentOf(name, one)),
    ...unread.map((one) => holeOf(name, digest, one)),
  ];
}

function documentOf(name: string, attachment: Attachment): EvidenceDocument[] {
  const { digest, mediaType, subject, bytes } = attachment;
  const file = `${name} ${digest}`;
  if (mediaType === simpleSigning) {
    const content = readSimpleSigning(attachment);
    return [{ ...bound(content, subject), file, format: 'signature of cosign', digest }];
  }
  try {
    const document = readEvidence(file, bytes);
    const whole = { ...document, signed: document.signed.map((one) => over(one, attachment)) };
    return [bound(whole, subject)];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // A JSON of no type of its own may be anything.
    if (!isDocument(mediaType)) return [];
    return [holeOf(name, subject, { what: `the document ${digest}`, why: error.message })];
  }
}

/** A signature over the manifest itself, which comes without it. */
function over(signed: Signed, { subject, subjectBytes }: Attachment): Signed {
  if (signed.bytes !== null || !subjectBytes) return signed;
  return { ...signed, bytes: subjectBytes, about: [subject] };
}

/**
 * What names no image is about the one that it refers to. What names one keeps to it, be it another: but a signature
 * that is about another image is told by the rule for signatures alone.
 */
function bound<T extends Content>(content: T, subject: string): T {
  const isSignature = content.signed.some(({ of }) => of === 'image');
  const isAboutSome =
    content.components !== null || content.vulnerabilities !== null || content.provenance !== null;
  const isUnbound = content.subject === null ? isAboutSome : content.subject.names.length === 0;
  if (!isSignature && !isUnbound) return content;
  const names: SubjectName[] = [{ digest: subject, of: 'any' }];
  return { ...content, subject: { reference: null, platform: null, ...content.subject, names } };
}

/** Bound to the image, so that of several images only its own verdict is open. */
function holeOf(name: string, digest: string, { what, why }: Unread): EvidenceDocument {
  return {
    ...nothing,
    subject: { names: [{ digest, of: 'any' }], reference: null, platform: null },
    holes: [`${what} could not be read: ${why}`],
    file: name,
    format: attachedHole,
    digest: sha256(`${what}\n${why}`),
  };
}
