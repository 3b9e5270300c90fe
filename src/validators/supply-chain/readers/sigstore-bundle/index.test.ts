import { expect, it } from 'vitest';
import { bundled, enveloped, pairOf, statementOf } from '../../signing/testing.ts';
import { documentOf, otherDigest } from '../../testing.ts';

const { privateKey } = pairOf('Ed25519');

it('reads what an envelope carries, and that it is signed', () => {
  const statement = statementOf(otherDigest, 'https://slsa.dev/provenance/v1', {
    runDetails: { builder: { id: 'https://ci.example' } },
  });
  expect(documentOf(bundled({ dsseEnvelope: enveloped(statement, privateKey) }))).toMatchObject({
    format: 'Sigstore bundle',
    subject: { names: [{ digest: otherDigest }] },
    provenance: { builder: 'https://ci.example' },
    signed: [{ of: 'attestation', about: [otherDigest], hasCertificate: false }],
    holes: [],
  });
});

it('knows the statement that cosign signs an image with, and certificates of old and new bundles', () => {
  const dsseEnvelope = enveloped(statementOf(otherDigest), privateKey);
  const signed = [{ of: 'image', about: [otherDigest], hasCertificate: true }];
  expect(documentOf(bundled({ dsseEnvelope }, true))).toMatchObject({ signed, holes: [] });
  const old = {
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
    verificationMaterial: { x509CertificateChain: { certificates: [] } },
    dsseEnvelope,
  };
  expect(documentOf(old)).toMatchObject({ signed });
});

it('keeps a signature over bytes that are elsewhere', () => {
  const hex = otherDigest.slice('sha256:'.length);
  const messageSignature = {
    messageDigest: { algorithm: 'SHA2_256', digest: Buffer.from(hex, 'hex').toString('base64') },
    signature: 'c2ln',
  };
  expect(documentOf(bundled({ messageSignature }))).toMatchObject({
    signed: [{ of: 'image', about: [otherDigest], bytes: null }],
  });
});

it.each([
  ['nothing', {}],
  ['an envelope of something else', { dsseEnvelope: { payloadType: 'text/plain', payload: '' } }],
])('says that it carries %s', (_, content) => {
  expect(documentOf(bundled(content))).toMatchObject({ signed: [], holes: [expect.any(String)] });
});
