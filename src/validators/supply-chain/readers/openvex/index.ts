import { type JsonObject, objectOf } from '../../../../core/json.ts';
import { nothing, type Product, type Reader, type Statement, statuses } from '../../document.ts';
import { digestIn, each, momentOf, wordOf, wordsOf } from '../../narrow.ts';

/** https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md */
export const reader: Reader = {
  title: 'OpenVEX',
  recognises: (json) =>
    /^https:\/\/openvex\.dev\/ns/.test(String(json['@context'])) && Array.isArray(json.statements),
  read: (json) => ({
    ...nothing,
    tool: wordOf(json.tooling) ?? '',
    madeAt: momentOf(json.last_updated) ?? momentOf(json.timestamp),
    statements: each(json.statements).flatMap((statement) => statementOf(statement, json)),
  }),
};

function statementOf(statement: JsonObject, document: JsonObject): Statement[] {
  const status = statuses.find((word) => word === statement.status);
  // A plain text in version 0.0.1, an object since.
  const vulnerability = objectOf(statement.vulnerability);
  const name = wordOf(statement.vulnerability) ?? wordOf(vulnerability?.name);
  if (status === undefined || name === undefined) return [];
  return [
    {
      vulnerability: [name, ...wordsOf(vulnerability?.aliases)],
      products: productsOf(statement.products, 0),
      status,
      justification:
        wordOf(statement.justification) ??
        wordOf(statement.impact_statement) ??
        wordOf(statement.status_notes) ??
        null,
      author: wordOf(document.author) ?? null,
      at:
        momentOf(statement.last_updated) ??
        momentOf(statement.timestamp) ??
        momentOf(document.last_updated) ??
        momentOf(document.timestamp),
    },
  ];
}

/** A product has subcomponents, and these have none. */
function productsOf(list: unknown, depth: number): Product[] {
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  return entries.flatMap((entry) => {
    const object = objectOf(entry);
    const id = wordOf(entry) ?? wordOf(object?.['@id']) ?? '';
    const identifiers = objectOf(object?.identifiers);
    const purls = [id, wordOf(identifiers?.purl)].filter((text) => text?.startsWith('pkg:'));
    const hash = wordOf(objectOf(object?.hashes)?.['sha-256']);
    const digests = [digestIn(id), hash && digestIn(`sha256:${hash.toLowerCase()}`)];
    return [
      {
        id: id === '' ? (purls[0] ?? '') : id,
        purls: purls.filter((purl) => purl !== undefined),
        digests: digests.flatMap((digest) => digest || []),
        link: null,
        parts: depth === 0 ? productsOf(object?.subcomponents, 1) : [],
      },
    ];
  });
}
