import type { Check, CheckContext } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { isOfRegistry } from '../attached/place.ts';
import { attachedHole, type Signed } from '../document.ts';
import type { ImageEvidence } from '../evidence.ts';
import { signatureRule, type TrustedKey } from '../signing/keys.ts';
import { signerOf } from '../signing/verify.ts';

/** Keys and signatures of examples are made when they are run. */
const example = (keys: readonly string[], signedBy: readonly string[]) =>
  JSON.stringify({ keys, signedBy, documents: {} }, undefined, 2);

export const check: Check<ImageEvidence> = {
  id: signatureRule,
  title: 'The image is signed by a key that is trusted',
  severity: 'error',
  critical: true,
  item: 'provenance',
  appliesTo: 'imageEvidence',
  meta: {
    why: 'Whoever may push to a registry can put another image in the place of the one that was built; only a signature by the key of the build shows that this is the one.',
    messages: {
      unsigned: 'no signature of cosign is attached to the image {{image}}',
      'other-key': 'a signature of the image{{reference}} is by none of the keys: {{keys}}',
      'other-image':
        'the signature by {{key}}{{reference}} is about {{named}}, and the image is {{image}}',
      attestation: 'this attestation is signed by none of the keys: {{keys}}',
    },
    remediation:
      'Sign the image by its digest where it is built (`cosign sign --key KEY IMAGE@DIGEST`), and name the public key.',
    options: {
      keys: 'files of public keys in PEM, relative to the configuration; a signature by any of them counts',
    },
    bad: {
      language: 'evidence',
      text: example(['release.pub'], ['somebody.pub']),
      findings: [{ messageId: 'other-key' }],
    },
    good: {
      language: 'evidence',
      text: example(['release.pub'], ['somebody.pub', 'release.pub']),
      findings: [],
    },
    references: [
      'https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md',
      'https://github.com/sigstore/cosign/blob/main/specs/BUNDLE_SPEC.md',
      'https://github.com/secure-systems-lab/dsse/blob/master/protocol.md',
    ],
  },
  run(context) {
    const { image, keys, documents } = context.target;
    const claims = documents.flatMap(({ document }) =>
      document.signed.map((signed) => judge(signed, document.file, context.target)),
    );
    const ofImage = claims.filter(({ signed }) => signed.of === 'image');
    if (keys.length === 0) {
      const why = 'no public key is given to verify signatures with';
      if (ofImage.length === 0) context.skip(why);
      else context.notExamined(image.name, `it carries signatures, and ${why}`);
      return [];
    }
    const attestations = claims.filter(({ signed }) => signed.of === 'attestation');
    return [
      ...(ofImage.some(({ state }) => state === 'verified') ? [] : unverified(context, ofImage)),
      ...attestations
        .filter(({ state }) => state === 'other-key')
        .map((claim): Draft => ({ ...draftOf('attestation', claim, keys), severity: 'warning' })),
    ];
  },
};

interface Claim {
  readonly signed: Signed;
  readonly file: string;
  readonly state: 'verified' | 'other-image' | 'other-key' | 'certificate' | 'bytes-absent';
  readonly key: TrustedKey | undefined;
}

function judge(
  signed: Signed,
  file: string,
  { image, keys }: Pick<ImageEvidence, 'image' | 'keys'>,
): Claim {
  const key = signerOf(signed, keys);
  // What is signed about an index holds for its images, which it names by digest; the config is no such name.
  const names = [image.digest, ...image.digests.filter((one) => one !== image.id)];
  const isAbout = signed.about.some((digest) => names.includes(digest));
  const claim = (state: Claim['state']): Claim => ({ signed, file, state, key });
  if (key) return claim(isAbout ? 'verified' : 'other-image');
  if (signed.hasCertificate) return claim('certificate');
  return claim(signed.bytes === null ? 'bytes-absent' : 'other-key');
}

/** Why the image does not count as signed; what could not be looked at is no finding. */
function unverified(
  context: CheckContext<ImageEvidence>,
  claims: readonly Claim[],
): readonly Draft[] {
  const { image, keys, documents } = context.target;
  const isPartial = documents.some(({ document }) => document.format === attachedHole);
  if (isPartial) {
    context.notExamined(image.name, 'not all that is attached to it could be read');
  }
  for (const { file, state } of claims) {
    if (state === 'certificate') {
      const why = 'it is signed with a certificate, and only signatures by a key are verified';
      context.notExamined(file, why);
    }
    if (state === 'bytes-absent') {
      context.notExamined(file, 'it is a signature over a manifest that is not beside it');
    }
  }
  if (claims.length > 0) {
    return claims.flatMap((claim) => {
      const { state, signed, key } = claim;
      if (state === 'other-key') return [draftOf('other-key', claim, keys)];
      if (state !== 'other-image') return [];
      const draft = draftOf('other-image', claim, keys);
      const named = signed.about.join(', ') || 'nothing';
      return [{ ...draft, data: { ...draft.data, key: key?.file, named, image: image.digest } }];
    });
  }
  if (isPartial) return [];
  if (!isOfRegistry(image)) {
    const why = `signatures lie in registries, and it was read from ${image.source}`;
    context.notExamined(image.name, why);
    return [];
  }
  return [{ messageId: 'unsigned', data: { image: image.digest }, location: { file: image.name } }];
}

function draftOf(messageId: string, { file, signed }: Claim, keys: readonly TrustedKey[]) {
  const reference = signed.reference === null ? '' : `, called ${signed.reference},`;
  return {
    messageId,
    data: { reference, keys: keys.map((key) => key.file).join(', ') },
    location: { file },
  };
}
