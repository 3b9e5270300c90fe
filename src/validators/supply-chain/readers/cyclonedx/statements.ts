import { type JsonObject, objectOf } from '../../../../core/json.ts';
import type { Product, Statement, StatementStatus } from '../../document.ts';
import { each, momentOf, wordOf } from '../../narrow.ts';
import type { Found } from './components.ts';
import { subjectOf } from './subject.ts';
import { aliasesOf } from './vulnerabilities.ts';

/** https://cyclonedx.org/docs/1.6/json/#vulnerabilities_items_analysis_state */
const states: Readonly<Record<string, StatementStatus>> = {
  not_affected: 'not_affected',
  false_positive: 'not_affected',
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  exploitable: 'affected',
  in_triage: 'under_investigation',
};

export function statementOf(
  entry: JsonObject,
  byRef: ReadonlyMap<string, Found>,
  subject: JsonObject | undefined,
  metadata: JsonObject | undefined,
): Statement[] {
  const analysis = objectOf(entry.analysis);
  const state = wordOf(analysis?.state) ?? '';
  const status = Object.hasOwn(states, state) ? states[state] : undefined;
  const id = wordOf(entry.id);
  if (analysis === undefined || status === undefined || id === undefined) return [];
  const said = wordOf(analysis.justification) ?? wordOf(analysis.detail);
  return [
    {
      vulnerability: [id, ...aliasesOf(entry)],
      products: each(entry.affects).map((affected) =>
        productOf(wordOf(affected.ref) ?? '', byRef, subject),
      ),
      status,
      // That something is a false positive is a reason by itself.
      justification: said ?? (state === 'false_positive' ? 'false positive' : null),
      author: wordOf(objectOf(metadata?.supplier)?.name) ?? null,
      at:
        momentOf(analysis.lastUpdated) ??
        momentOf(analysis.firstIssued) ??
        momentOf(metadata?.timestamp),
    },
  ];
}

function productOf(
  ref: string,
  byRef: ReadonlyMap<string, Found>,
  subject: JsonObject | undefined,
): Product {
  const [, serial, inner] = /^urn:cdx:([^/]+)\/\d+#(.+)$/.exec(ref) ?? [];
  if (serial !== undefined && inner !== undefined) {
    const link = { serial: serial.toLowerCase(), ref: decodedRef(inner) };
    return { id: ref, purls: [], digests: [], parts: [], link };
  }
  if (subject !== undefined && wordOf(subject['bom-ref']) === ref) {
    const digests = subjectOf(subject).names.map(({ digest }) => digest);
    return { id: ref, purls: [], digests, parts: [], link: null };
  }
  const purl = byRef.get(ref)?.purl ?? (ref.startsWith('pkg:') ? ref : null);
  return { id: ref, purls: purl === null ? [] : [purl], digests: [], parts: [], link: null };
}

function decodedRef(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
