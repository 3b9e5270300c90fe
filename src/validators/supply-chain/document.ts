import type { JsonObject } from '../../core/json.ts';

/** As scanners grade; `unknown` where nobody has graded yet. */
export const severities = ['unknown', 'negligible', 'low', 'medium', 'high', 'critical'] as const;
export type VulnerabilitySeverity = (typeof severities)[number];

/** The piece of software that has a vulnerability. */
export interface AffectedPackage {
  readonly name: string;
  readonly version: string;
  /** https://github.com/package-url/purl-spec */
  readonly purl: string | null;
  /** Where it lies in the image, when the tool says so. */
  readonly path: string | null;
}

export interface Vulnerability {
  readonly id: string;
  /** Other names of the same one. */
  readonly aliases: readonly string[];
  readonly package: AffectedPackage;
  readonly severity: VulnerabilitySeverity;
  /** Versions without it, as the tool writes them; null when there is none. */
  readonly fixedIn: string | null;
  /** The tool knows that it is being exploited. */
  readonly exploited: boolean;
  readonly publishedAt: Date | null;
  /** When its entry in the database last changed, or was made. */
  readonly changedAt: Date | null;
}

export interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string | null;
}

/** A digest that a document names its image by, and what the tool says it is the digest of. */
export interface SubjectName {
  readonly digest: string;
  /** `any` where the format does not tell; it is `any` of an index, too. */
  readonly of: 'config' | 'manifest' | 'any';
}

/** The image that a document is about, as far as it says so. */
export interface Subject {
  readonly names: readonly SubjectName[];
  /** How a person called it; proves nothing. */
  readonly reference: string | null;
  readonly platform: { readonly os: string; readonly architecture: string } | null;
}

/** What a statement is about: an image, or a package. */
export interface Product {
  readonly purls: readonly string[];
  readonly digests: readonly string[];
  /** As the document calls it, for people. */
  readonly id: string;
  /** A component of a bill of materials in another file: `urn:cdx:SERIAL/VERSION#REF`. */
  readonly link: { readonly serial: string; readonly ref: string } | null;
  /** When there are any, only these parts of the product are meant. */
  readonly parts: readonly Product[];
}

export const statuses = ['not_affected', 'affected', 'fixed', 'under_investigation'] as const;
export type StatementStatus = (typeof statuses)[number];

/** Somebody's word on whether a vulnerability matters to a product (VEX). */
export interface Statement {
  /** The id and its other names. */
  readonly vulnerability: readonly string[];
  readonly products: readonly Product[];
  readonly status: StatementStatus;
  /** Why it does not affect, by a word of the format or in prose; null when nobody says. */
  readonly justification: string | null;
  readonly author: string | null;
  readonly at: Date | null;
}

/** How an image was built, as its builder says (https://slsa.dev/spec/v1.0/provenance). */
export interface Provenance {
  readonly builder: string | null;
  readonly buildType: string | null;
  /** What went in, with a digest where one is named. */
  readonly materials: readonly { readonly uri: string; readonly digest: string | null }[];
}

/** Bytes that somebody signed about an image, with what they were signed by. */
export interface Signed {
  /** The image itself, or what a document says of it. */
  readonly of: 'image' | 'attestation';
  /** Digests that the bytes name, or that they have. */
  readonly about: readonly string[];
  /** What the signatures are over; null for the manifest of an image, where it is not at hand. */
  readonly bytes: Uint8Array | null;
  /** Any one of them counts. */
  readonly signatures: readonly Uint8Array[];
  /** How the signer called the image; proves nothing. */
  readonly reference: string | null;
  /** A certificate came along, as signers without a lasting key have it. It is not verified. */
  readonly hasCertificate: boolean;
}

/** What one document says, whatever its format. */
export interface Content {
  /** Null for what is about no single image: a statement, a catalogue. */
  readonly subject: Subject | null;
  /** Name and version of what wrote it; empty when it does not say. */
  readonly tool: string;
  /** When the image was looked at, or the document written. */
  readonly madeAt: Date | null;
  /** Of the vulnerability database that was used. */
  readonly databaseBuiltAt: Date | null;
  /** Name of the tool whose database `databaseBuiltAt` is about, when it is another's. */
  readonly databaseOf: string | null;
  /** Null when nobody looked for any. */
  readonly vulnerabilities: readonly Vulnerability[] | null;
  /** Null when it is no list of what the image holds. */
  readonly components: readonly Component[] | null;
  readonly statements: readonly Statement[];
  /** Ids that a catalogue says are exploited. */
  readonly exploited: readonly string[];
  /** An operating system that gets no security updates any more. */
  readonly endedSystem: string | null;
  readonly provenance: Provenance | null;
  /** What of it is signed; nobody has verified it yet. */
  readonly signed: readonly Signed[];
  /** Of a CycloneDX document, so that others can refer into it. */
  readonly bom: { readonly serial: string; readonly purls: ReadonlyMap<string, string> } | null;
  /** What of it was not read, and why. */
  readonly holes: readonly string[];
}

/** What a document says nothing of. */
export const nothing: Content = {
  subject: null,
  tool: '',
  madeAt: null,
  databaseBuiltAt: null,
  databaseOf: null,
  vulnerabilities: null,
  components: null,
  statements: [],
  exploited: [],
  endedSystem: null,
  provenance: null,
  signed: [],
  bom: null,
  holes: [],
};

/** A file that was given as evidence. */
export interface EvidenceDocument extends Content {
  /** As people name it. */
  readonly file: string;
  /** Title of its format. */
  readonly format: string;
  /** `sha256:…` of its bytes. */
  readonly digest: string;
}

/** The format of what stands for something beside an image that could not be read. */
export const attachedHole = 'attached';

/** One format: a folder below `readers/`. */
export interface Reader {
  /** As messages call it. */
  readonly title: string;
  /** Cheap: looks at a few fields only. */
  recognises(json: JsonObject): boolean;
  /**
   * Never throws; what is not of the expected kind reads as absent.
   * @param inner reads a document that this one carries; undefined when no format knows it
   */
  read(json: JsonObject, inner: (json: JsonObject) => Content | undefined): Content;
}
