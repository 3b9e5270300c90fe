import { namesOf } from './binding.ts';
import type { EvidenceDocument, Product, Statement } from './document.ts';
import type { ImageEvidence } from './evidence.ts';
import { idsOf, type KnownVulnerability } from './known.ts';
import { means, parsePurl, purlIndex } from './purl.ts';

export interface StatedIn {
  readonly statement: Statement;
  readonly file: string;
}

/** What is said about the vulnerabilities of one image. */
export interface Statements {
  /** The word that counts: of those about this image and package, the newest. */
  about(vulnerability: KnownVulnerability): StatedIn | undefined;
  /** Whether a statement is about the image or a package that is known to be in it. */
  concerns(statement: Statement): boolean;
}

export function statementsFor(
  { image }: Pick<ImageEvidence, 'image'>,
  documents: readonly EvidenceDocument[],
): Statements {
  const own = namesOf(image);
  const boms = new Map(documents.flatMap(({ bom }) => (bom ? [[bom.serial, bom.purls]] : [])));
  const byId = new Map<string, StatedIn[]>();
  for (const { file, statements } of documents) {
    for (const statement of statements) {
      for (const id of new Set(statement.vulnerability)) {
        const others = byId.get(id);
        if (others) others.push({ statement, file });
        else byId.set(id, [{ statement, file }]);
      }
    }
  }
  const purlsOf = ({ purls, link }: Product): readonly string[] => {
    const linked = link ? boms.get(link.serial)?.get(link.ref) : undefined;
    return linked === undefined ? purls : [...purls, linked];
  };
  const isImage = (product: Product): boolean =>
    product.digests.some((digest) => own.has(digest)) ||
    product.purls.some((purl) => {
      const parsed = parsePurl(purl);
      return parsed?.type === 'oci' && own.has(parsed.version ?? '');
    });
  const covers = (product: Product, isThere: (pattern: string) => boolean): boolean => {
    const { parts } = product;
    if (!isImage(product)) return parts.length === 0 && purlsOf(product).some(isThere);
    return parts.length === 0 || parts.some((part) => purlsOf(part).some(isThere));
  };
  const packages = documents.flatMap(({ components, vulnerabilities }) => [
    ...(components ?? []).flatMap(({ purl }) => purl ?? []),
    ...(vulnerabilities ?? []).flatMap((one) => one.package.purl ?? []),
  ]);
  const isKnown = purlIndex(packages);
  return {
    about: (vulnerability) =>
      idsOf(vulnerability)
        .flatMap((id) => byId.get(id) ?? [])
        .filter(({ statement }) => isValid(statement))
        .filter(({ statement }) =>
          statement.products.some((product) =>
            covers(product, (pattern) => vulnerability.purls.some((purl) => means(pattern, purl))),
          ),
        )
        .reduce<StatedIn | undefined>(newer, undefined),
    concerns: ({ products }) => products.some((product) => covers(product, isKnown)),
  };
}

/** The specification asks for a reason; without one nobody can tell a judgement from a slip. */
export function isValid({ status, justification }: Statement): boolean {
  return status !== 'not_affected' || justification !== null;
}

/** Of two of the same age the one that takes the vulnerability seriously counts. */
function newer(one: StatedIn | undefined, other: StatedIn): StatedIn {
  if (!one) return other;
  const [before, after] = [one, other].map(({ statement }) => statement.at?.getTime() ?? 0);
  if (before !== after) return (before ?? 0) > (after ?? 0) ? one : other;
  return clears(one.statement) ? other : one;
}

export function clears({ status }: Statement): boolean {
  return status === 'not_affected' || status === 'fixed';
}
