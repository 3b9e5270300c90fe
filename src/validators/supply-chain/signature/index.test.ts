import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { documentsOf } from '../attached/documents.ts';
import { type EvidenceDocument, nothing } from '../document.ts';
import { evidenceOf } from '../evidence.ts';
import { type KeyPair, makeKeyPair, signatureDocument } from '../signing/example.ts';
import { bundled, enveloped, statementOf } from '../signing/testing.ts';
import { documentOf, indexDigest, otherDigest, sampleImage } from '../testing.ts';
import { check } from './index.ts';

const image = { ...(await sampleImage()), source: 'registry:registry.example/shop@sha256:1' };
const own = makeKeyPair('release.pub');
const other = makeKeyPair('somebody.pub');

async function said(documents: readonly EvidenceDocument[], { keys = [own], from = image } = {}) {
  const trusted = keys.map((pair) => pair.trusted);
  const { findings, notExamined, notMeant, outcomes } = await examine(
    check,
    evidenceOf(from, documents, trusted),
    {},
  );
  return {
    findings: findings.map(
      ({ messageId, severity, message }) => `${severity} ${messageId}: ${message}`,
    ),
    open: [...notExamined, ...notMeant].map(({ why }) => why),
    outcome: outcomes[0]?.outcome,
  };
}
const passed = { findings: [], open: [], outcome: 'pass' };
const statement = (digest: string, pair: KeyPair, type?: string) =>
  enveloped(statementOf(digest, type), pair.privateKey);

it.each([
  ['the image', signatureDocument(image.digest, own)],
  ['an index that holds it', signatureDocument(indexDigest, own)],
  ['the image in a bundle', documentOf(bundled({ dsseEnvelope: statement(image.digest, own) }))],
  [
    'the image with a certificate as well',
    documentOf(bundled({ dsseEnvelope: statement(image.digest, own) }, true)),
  ],
])('is content with a signature of %s', async (_, document) => {
  expect(await said([document])).toEqual(passed);
});

it('is content with one good signature among others', async () => {
  const foreign = signatureDocument(image.digest, other);
  expect(await said([foreign, signatureDocument(image.digest, own)])).toEqual(passed);
  expect(await said([foreign], { keys: [own, other] })).toEqual(passed);
});

it('finds an image that nobody signed', async () => {
  const { findings } = await said([]);
  expect(findings).toEqual([
    `error unsigned: no signature of cosign is attached to the image ${image.digest}`,
  ]);
});

it('finds a signature by another key, and says how its signer called the image', async () => {
  const { findings } = await said([signatureDocument(image.digest, other)]);
  expect(findings).toEqual([
    'error other-key: a signature of the image, called registry.example/shop, is by none of the keys: release.pub',
  ]);
});

it.each([otherDigest, image.id ?? ''])('finds a good signature about %s', async (digest) => {
  const { findings } = await said([signatureDocument(digest, own)]);
  expect(findings).toEqual([
    `error other-image: the signature by release.pub, called registry.example/shop, is about ${digest}, and the image is ${image.digest}`,
  ]);
});

it('takes no attestation for a signature of the image, and tells one by another key', async () => {
  const type = 'https://slsa.dev/provenance/v1';
  const good = documentOf(statement(image.digest, own, type), 'a.json');
  expect((await said([good])).findings).toEqual([expect.stringContaining('error unsigned')]);
  const bad = documentOf(statement(image.digest, other, type), 'b.json');
  const { findings } = await said([signatureDocument(image.digest, own), good, bad]);
  expect(findings).toEqual([
    'warning attestation: this attestation is signed by none of the keys: release.pub',
  ]);
});

it('does not believe an envelope whose payload was put in place of another', async () => {
  const forged = {
    ...statement(otherDigest, own),
    payload: statement(image.digest, other).payload,
  };
  expect((await said([documentOf(forged)])).findings).toEqual([
    expect.stringContaining('other-key'),
  ]);
});

it('verifies no certificate, and says so', async () => {
  const keyless = documentOf(bundled({ dsseEnvelope: statement(image.digest, other) }, true));
  expect(await said([keyless])).toEqual({
    findings: [],
    open: ['it is signed with a certificate, and only signatures by a key are verified'],
    outcome: 'inconclusive',
  });
});

it('stays open where a warning stands beside what it could not verify', async () => {
  const type = 'https://slsa.dev/provenance/v1';
  const attestation = documentOf(statement(image.digest, other, type), 'a.json');
  const keyless = documentOf(bundled({ dsseEnvelope: statement(image.digest, other) }, true));
  const holes = documentsOf(image, {
    attachments: [],
    unread: [{ what: 'the tags', why: 'refused' }],
  });
  for (const beside of [[keyless], holes]) {
    expect(await said([attestation, ...beside])).toMatchObject({
      findings: [expect.stringContaining('warning attestation')],
      outcome: 'inconclusive',
    });
  }
});

it('does not call unsigned what it could not look at', async () => {
  const holes = documentsOf(image, {
    attachments: [],
    unread: [{ what: 'the tags', why: 'refused' }],
  });
  expect(await said(holes)).toMatchObject({ findings: [], outcome: 'inconclusive' });
  const from = { ...image, source: 'docker:shop' };
  expect(await said([], { from })).toMatchObject({
    findings: [],
    open: [expect.stringContaining('read from docker:shop')],
    outcome: 'inconclusive',
  });
  const message: EvidenceDocument = {
    ...{ ...nothing, file: 'bundle.json', format: 'Sigstore bundle', digest: otherDigest },
    signed: [
      {
        ...{ of: 'image', about: [image.digest], bytes: null },
        ...{ signatures: [Buffer.from('x')], reference: null, hasCertificate: false },
      },
    ],
  };
  expect(await said([message])).toMatchObject({ findings: [], outcome: 'inconclusive' });
});

it('says that there is no key, and verifies nothing', async () => {
  const { findings, open, outcome } = await said([signatureDocument(image.digest, own)], {
    keys: [],
  });
  expect(findings).toEqual([]);
  expect(open).toEqual([
    'it carries signatures, and no public key is given to verify signatures with',
  ]);
  expect(outcome).toBe('inconclusive');
  expect((await said([], { keys: [] })).open).toEqual([
    'no public key is given to verify signatures with',
  ]);
});
