import { type JsonObject, objectOf, parseObject } from '../../../../core/json.ts';
import {
  type Content,
  nothing,
  type Provenance,
  type Reader,
  type Signed,
  type SubjectName,
} from '../../document.ts';
import { digestIn, each, momentOf, wordOf } from '../../narrow.ts';
import { preAuthenticationEncoding } from '../../signing/dsse.ts';

/**
 * A statement about digests (https://github.com/in-toto/attestation), bare or in the envelope that
 * signatures stand on (DSSE). Signatures are kept for the rule that verifies them. What it carries is read by its
 * own format.
 */
export const reader: Reader = {
  title: 'in-toto attestation',
  recognises: (json) => isStatement(json) || isEnvelope(json),
  read(json, inner) {
    const statement = isEnvelope(json) ? unwrapped(json) : json;
    if (!statement || !isStatement(statement)) {
      return { ...nothing, holes: ['its payload is no in-toto statement'] };
    }
    const predicate = objectOf(statement.predicate);
    const type = wordOf(statement.predicateType) ?? '';
    const read = type === imageSignature ? nothing : predicate && contentOf(type, predicate, inner);
    const names = each(statement.subject).flatMap((subject): SubjectName[] => {
      const hex = wordOf(objectOf(subject.digest)?.sha256)?.toLowerCase();
      const digest = digestIn(`sha256:${hex}`);
      return digest === undefined ? [] : [{ digest, of: 'any' }];
    });
    const [first] = each(statement.subject);
    return {
      ...(read ?? {
        ...nothing,
        holes: [`what it says is of the type ${type}, which is not read`],
      }),
      signed: isEnvelope(json) ? [signedIn(json, type, names)] : [],
      // What the statement is made about counts, whatever the document in it says of itself.
      subject: { names, reference: wordOf(first?.name) ?? null, platform: null },
    };
  },
};

/** What cosign 3 says of an image that it signs: a statement that says nothing else. */
const imageSignature = 'https://sigstore.dev/cosign/sign/v1';

/** Signatures of one envelope that are looked at; tools write one. */
const maxSignatures = 10;

function signedIn(envelope: JsonObject, type: string, names: readonly SubjectName[]): Signed {
  const payload = Buffer.from(String(envelope.payload), 'base64');
  return {
    of: type === imageSignature ? 'image' : 'attestation',
    about: names.map(({ digest }) => digest),
    bytes: preAuthenticationEncoding(String(envelope.payloadType), payload),
    signatures: each(envelope.signatures)
      .slice(0, maxSignatures)
      .map(({ sig }) => Buffer.from(typeof sig === 'string' ? sig : '', 'base64')),
    reference: null,
    hasCertificate: false,
  };
}

function isStatement(json: JsonObject): boolean {
  return /^https:\/\/in-toto\.io\/Statement\/v\d/.test(String(json._type));
}

function isEnvelope(json: JsonObject): boolean {
  return json.payloadType === 'application/vnd.in-toto+json' && typeof json.payload === 'string';
}

function unwrapped(json: JsonObject): JsonObject | undefined {
  return parseObject(Buffer.from(String(json.payload), 'base64').toString());
}

function contentOf(
  type: string,
  predicate: JsonObject,
  inner: (json: JsonObject) => Content | undefined,
): Content | undefined {
  if (/^https:\/\/slsa\.dev\/provenance\/v\d/.test(type)) {
    const { provenance, madeAt } = provenanceOf(predicate);
    return { ...nothing, tool: provenance.builder ?? '', provenance, madeAt };
  }
  // cosign wraps some documents once more, and a report of a scanner in what it says of the scan
  // (https://github.com/sigstore/cosign/blob/main/specs/COSIGN_VULN_ATTESTATION_SPEC.md).
  const wrapped = [predicate.Data, objectOf(predicate.scanner)?.result];
  return [predicate, ...wrapped].map((one) => inner(objectOf(one) ?? {})).find(Boolean);
}

/** Versions 0.2 and 1 of https://slsa.dev/provenance name the same things differently. */
function provenanceOf(predicate: JsonObject): { provenance: Provenance; madeAt: Date | null } {
  const definition = objectOf(predicate.buildDefinition);
  const run = objectOf(predicate.runDetails);
  const materials = [...each(predicate.materials), ...each(definition?.resolvedDependencies)];
  return {
    madeAt:
      momentOf(objectOf(run?.metadata)?.finishedOn) ??
      momentOf(objectOf(predicate.metadata)?.buildFinishedOn),
    provenance: {
      builder: wordOf((objectOf(run?.builder) ?? objectOf(predicate.builder))?.id) ?? null,
      buildType: wordOf(definition?.buildType) ?? wordOf(predicate.buildType) ?? null,
      materials: materials.flatMap((material) => {
        const uri = wordOf(material.uri);
        const [entry] = Object.entries(objectOf(material.digest) ?? {});
        const digest = entry ? `${entry[0]}:${wordOf(entry[1]) ?? ''}` : null;
        return uri === undefined ? [] : [{ uri, digest }];
      }),
    },
  };
}
