import { type JsonObject, objectOf } from '../../../../core/json.ts';
import { type Content, nothing, type Reader, type Signed } from '../../document.ts';
import { wordOf } from '../../narrow.ts';

/**
 * A signature with what it takes to verify it: an envelope with a statement, or a signature over bytes that are kept
 * elsewhere (https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto). Certificates, entries of
 * logs and timestamps in it are not verified.
 */
export const reader: Reader = {
  title: 'Sigstore bundle',
  recognises: (json) => /^application\/vnd\.dev\.sigstore\.bundle/.test(String(json.mediaType)),
  read(json, inner) {
    const hasCertificate = hasCertificateIn(json);
    const message = objectOf(json.messageSignature);
    if (message) return { ...nothing, signed: [signedIn(message, hasCertificate)] };
    const envelope = objectOf(json.dsseEnvelope);
    const content: Content | undefined = envelope && inner(envelope);
    if (!content) return { ...nothing, holes: ['it carries nothing that is read'] };
    const signed = content.signed.map((one) => ({ ...one, hasCertificate }));
    return { ...content, signed };
  },
};

/** Since version 0.3 one certificate, before that a chain. */
function hasCertificateIn(json: JsonObject): boolean {
  const material = objectOf(json.verificationMaterial);
  return (
    (objectOf(material?.certificate) ?? objectOf(material?.x509CertificateChain)) !== undefined
  );
}

function signedIn(message: JsonObject, hasCertificate: boolean): Signed {
  const digest = wordOf(objectOf(message.messageDigest)?.digest) ?? '';
  const hex = Buffer.from(digest, 'base64').toString('hex');
  const signature = typeof message.signature === 'string' ? message.signature : '';
  return {
    of: 'image',
    about: /^[0-9a-f]{64}$/.test(hex) ? [`sha256:${hex}`] : [],
    bytes: null,
    signatures: [Buffer.from(signature, 'base64')],
    reference: null,
    hasCertificate,
  };
}
