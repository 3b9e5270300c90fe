/** https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#simple-signing */
export const simpleSigning = 'application/vnd.dev.cosign.simplesigning.v1+json';

/** https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto, of any version. */
export const bundle = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v\d|\+json)/;

/** Of documents whose format is known to be one that is read, or that says so of itself. */
const documents = [
  'application/vnd.in-toto+json',
  'application/vnd.dsse.envelope.v1+json',
  'application/spdx+json',
  'text/spdx+json',
  'application/vnd.cyclonedx+json',
  'application/vnd.cyclonedx',
  'application/vnd.syft+json',
  'application/sarif+json',
  'application/openvex+json',
  'application/csaf+json',
];

/** Whether a document has to be one that is understood: one that is not was not looked at. */
export function isDocument(mediaType: string): boolean {
  const [type = ''] = mediaType.split(';');
  return type === simpleSigning || bundle.test(type) || documents.includes(type.trim());
}

/**
 * Whether a layer may be evidence. A layer without a telling type is what its manifest says: `oras attach`
 * names layers of tar what it was not told otherwise. Any other JSON is asked, because reports of scanners
 * have no types of their own.
 */
export function isRead(mediaType: string, artifact: string): boolean {
  return isDocument(mediaType) || isDocument(artifact) || mediaType === 'application/json';
}
