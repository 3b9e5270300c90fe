import { posix } from 'node:path';
import type { Anchor } from './anchors.ts';
import { decodedAt } from './encoded.ts';
import { type Certificate, certificateIn, publicKeyOf } from './proof/certificate-pair.ts';
import type { Hit, ScanResult } from './scan.ts';
import type { Shape } from './shapes/shape.ts';

/** Keys of one file that are parsed; more than are listed. */
const maxKeys = 50;

/** Certificates of one file: its own comes first, and a file of more holds authorities. */
const maxCertificates = 16;

/** Text of RFC 7468; line ends may be escaped, as in JSON. */
const certificateBlock =
  /(?<=-----BEGIN )CERTIFICATE-----(?<body>[A-Za-z0-9+/=\s\\]{60,16000})-----END /y;

/** The keys and certificates of one file, as far as they are needed to say which belong together. */
export interface KeyRing {
  /** What certificates of a key have in common with it; undefined for what is none, or tells none. */
  keyOf(shape: Shape, secret: string): string | undefined;
  /** Takes up the certificate that an anchor of one stands in, if it is one. */
  note(anchor: Pick<Anchor, 'encoded'>, text: string, at: number): void;
  readonly certificates: readonly Certificate[];
}

export function createKeyRing(): KeyRing {
  const certificates: Certificate[] = [];
  let keys = 0;
  return {
    certificates,
    keyOf: (shape, secret) =>
      shape.holdsKey && keys++ < maxKeys ? publicKeyOf(secret) : undefined,
    note({ encoded }, text, at) {
      if (certificates.length === maxCertificates) return;
      const where = encoded ? decodedAt(text, at, encoded, encoded.reach) : { text, at };
      if (!where) return;
      certificateBlock.lastIndex = where.at;
      const body = certificateBlock.exec(where.text)?.groups?.body;
      // To refuse a text that is none takes a hundred times as long as to look for it.
      const certificate = body === undefined ? undefined : certificateIn(body);
      if (certificate) certificates.push(certificate);
    },
  };
}

/** Says of a key that it is in use, where its certificate is among these. */
export function withCertificate<T extends Hit>(
  hit: T,
  certificates: readonly (Certificate & { readonly place: string })[],
): T {
  const pair = certificates.find(({ publicKey }) => publicKey === hit.publicKey);
  if (!pair) return hit;
  const { publicKey: _, ...rest } = hit;
  const about = `subject ${pair.subject}, expires ${pair.end}`;
  const title = `${hit.title} that pairs with the certificate ${pair.place} (${about})`;
  return { ...rest, title, confidence: 'verified' } as T;
}

interface File {
  readonly path: string;
  readonly secrets: ScanResult;
}

/** Keys with the certificates beside them: of another file in the same folder. */
export function withCertificatesBeside<T extends File>(files: readonly T[]): readonly T[] {
  const withKeys = files.filter(({ secrets }) => secrets.hits.some(hasKey));
  if (withKeys.length === 0) return files;
  const folders = Map.groupBy(
    files.filter(({ secrets }) => secrets.certificates),
    ({ path }) => posix.dirname(path),
  );
  const beside = (folder: string) =>
    (folders.get(folder) ?? []).flatMap(({ path, secrets: { certificates = [] } }) =>
      certificates.map((one) => ({ ...one, place: `${posix.basename(path)} beside it` })),
    );
  return files.map((file) => {
    if (!file.secrets.hits.some(hasKey)) return file;
    const certificates = beside(posix.dirname(file.path));
    const hits = file.secrets.hits.map((hit) => withCertificate(hit, certificates));
    return { ...file, secrets: { ...file.secrets, hits } };
  });
}

const hasKey = ({ publicKey }: Hit): boolean => publicKey !== undefined;
