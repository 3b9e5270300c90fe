import { type JsonObject, objectOf } from '../../../../core/json.ts';
import {
  nothing,
  type Product,
  type Reader,
  type Statement,
  type StatementStatus,
} from '../../document.ts';
import { each, momentOf, wordOf, wordsOf } from '../../narrow.ts';

/** https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#45-profile-5-vex */
export const reader: Reader = {
  title: 'CSAF VEX',
  recognises: (json) => objectOf(json.document)?.csaf_version !== undefined,
  read(json) {
    const document = objectOf(json.document);
    const tracking = objectOf(document?.tracking);
    const made = momentOf(tracking?.current_release_date);
    const products = productsOf(objectOf(json.product_tree));
    const author = wordOf(objectOf(document?.publisher)?.name) ?? null;
    const engine = objectOf(objectOf(tracking?.generator)?.engine);
    return {
      ...nothing,
      tool: wordOf(engine?.name) ?? '',
      madeAt: made,
      statements: each(json.vulnerabilities).flatMap((entry) =>
        statementsOf(entry, products).map((statement) => ({ ...statement, author, at: made })),
      ),
    };
  },
};

/** Section 3.2.3.9 of the specification. */
const fields: readonly (readonly [field: string, status: StatementStatus])[] = [
  ['known_not_affected', 'not_affected'],
  ['fixed', 'fixed'],
  ['first_fixed', 'fixed'],
  ['known_affected', 'affected'],
  ['under_investigation', 'under_investigation'],
];

function statementsOf(entry: JsonObject, products: ReadonlyMap<string, Product>): Statement[] {
  const id = wordOf(entry.cve) ?? wordOf(each(entry.ids)[0]?.text);
  if (id === undefined) return [];
  const status = objectOf(entry.product_status);
  return fields.flatMap(([field, word]) =>
    wordsOf(status?.[field]).map((product) => ({
      vulnerability: [id],
      products: [products.get(product) ?? unnamed(product)],
      status: word,
      justification: reasonOf(entry, product),
      author: null,
      at: null,
    })),
  );
}

/** A flag says it in one word, a threat of the category impact in prose. */
function reasonOf(entry: JsonObject, product: string): string | null {
  const about = (object: JsonObject) => wordsOf(object.product_ids).includes(product);
  const flag = each(entry.flags).find(about);
  const impact = each(entry.threats).find(
    (threat) => threat.category === 'impact' && about(threat),
  );
  return wordOf(flag?.label) ?? wordOf(impact?.details) ?? null;
}

function unnamed(id: string): Product {
  return { id, purls: [], digests: [], link: null, parts: [] };
}

/** Vendor, product and version are levels; real documents have three to five. */
const maxDepth = 20;

function productsOf(tree: JsonObject | undefined): ReadonlyMap<string, Product> {
  const products = new Map<string, Product>();
  const keep = (product: JsonObject | undefined) => {
    const id = wordOf(product?.product_id);
    if (id === undefined) return;
    const helper = objectOf(product?.product_identification_helper);
    const purls = [wordOf(helper?.purl), ...wordsOf(helper?.purls)];
    const hashes = each(helper?.hashes).flatMap((hash) => each(hash.file_hashes));
    const digests = hashes.flatMap(({ algorithm, value }) =>
      algorithm === 'sha256' ? [`sha256:${wordOf(value)?.toLowerCase()}`] : [],
    );
    const known = purls.filter((purl) => purl !== undefined);
    products.set(id, { ...unnamed(id), purls: known, digests });
  };
  const walk = (branches: unknown, depth: number): void => {
    if (depth > maxDepth) return;
    for (const branch of each(branches)) {
      keep(objectOf(branch.product));
      walk(branch.branches, depth + 1);
    }
  };
  walk(tree?.branches, 0);
  for (const product of each(tree?.full_product_names)) keep(product);
  for (const relationship of each(tree?.relationships)) {
    const id = wordOf(objectOf(relationship.full_product_name)?.product_id);
    const part = products.get(wordOf(relationship.product_reference) ?? '');
    const whole = products.get(wordOf(relationship.relates_to_product_reference) ?? '');
    // «openssl as a component of this image» is about the image, and of that about openssl.
    if (id !== undefined && part && whole) products.set(id, { ...whole, id, parts: [part] });
  }
  return products;
}
