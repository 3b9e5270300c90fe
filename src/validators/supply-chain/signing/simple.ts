import { fieldOf, objectOf, parseObject, textOf } from '../../../core/json.ts';
import type { Attachment } from '../attached/collect.ts';
import { type Content, nothing } from '../document.ts';
import { digestIn, wordOf } from '../narrow.ts';

/** The second is what cosign 3 calls its signatures. */
const types = ['cosign container image signature', 'https://sigstore.dev/cosign/sign/v1'];

/**
 * A signature as cosign attaches it: the payload is the layer, the signature an annotation of it
 * (https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md).
 */
export function readSimpleSigning({
  bytes,
  annotations,
}: Pick<Attachment, 'bytes' | 'annotations'>): Content {
  const critical = objectOf(fieldOf(parseObject(bytes.toString()), 'critical'));
  const digest = digestIn(fieldOf(objectOf(fieldOf(critical, 'image')), 'docker-manifest-digest'));
  const signature = annotations['dev.cosignproject.cosign/signature'];
  const type = textOf(fieldOf(critical, 'type')) ?? '';
  if (digest === undefined || signature === undefined || !types.includes(type)) {
    return { ...nothing, holes: ['it is no signature of an image as cosign makes them'] };
  }
  const identity = objectOf(fieldOf(critical, 'identity'));
  return {
    ...nothing,
    signed: [
      {
        of: 'image',
        about: [digest],
        bytes,
        signatures: [Buffer.from(signature, 'base64')],
        reference: wordOf(fieldOf(identity, 'docker-reference')) ?? null,
        hasCertificate: annotations['dev.sigstore.cosign/certificate'] !== undefined,
      },
    ],
  };
}
