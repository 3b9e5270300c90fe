import { type JsonObject, objectOf } from '../../../../core/json.ts';
import type { Vulnerability } from '../../document.ts';
import { each, latest, momentOf, wordOf } from '../../narrow.ts';
import { graver, severityOf, severityOfScore } from '../../severity.ts';
import type { Found } from './components.ts';

export function vulnerabilitiesOf(
  entry: JsonObject,
  byRef: ReadonlyMap<string, Found>,
): Vulnerability[] {
  const id = wordOf(entry.id);
  if (id === undefined) return [];
  const ratings = each(entry.ratings);
  const publishedAt = momentOf(entry.published);
  return each(entry.affects).flatMap((affected) => {
    const found = byRef.get(wordOf(affected.ref) ?? '');
    if (!found) return [];
    const { name, version, purl, path } = found;
    return [
      {
        id,
        aliases: aliasesOf(entry),
        package: { name, version, purl, path },
        severity: severityIn(ratings, wordOf(objectOf(entry.source)?.name)),
        fixedIn: fixIn(entry, affected),
        exploited: ratings.some((rating) => /\bKEV\b/.test(sourceOf(rating) ?? '')),
        publishedAt,
        changedAt: latest([publishedAt, momentOf(entry.updated)]),
      },
    ];
  });
}

export function aliasesOf(entry: JsonObject): string[] {
  return each(entry.references).flatMap(({ id }) => wordOf(id) ?? []);
}

function sourceOf(rating: JsonObject): string | undefined {
  return wordOf(objectOf(rating.source)?.name);
}

/** What the vendor of the package says counts; where none says anything, the gravest word. */
function severityIn(ratings: readonly JsonObject[], source: string | undefined) {
  const graded = ratings.map((rating) => {
    const word = severityOf(wordOf(rating.severity));
    const isScore = typeof rating.score === 'number' && /^CVSS/i.test(wordOf(rating.method) ?? '');
    const severity = word === 'unknown' && isScore ? severityOfScore(Number(rating.score)) : word;
    return { severity, source: sourceOf(rating) };
  });
  const vendor = graded.find(
    (rating) => rating.source !== undefined && rating.source === source,
  )?.severity;
  if (vendor !== undefined && vendor !== 'unknown') return vendor;
  return graded.map(({ severity }) => severity).reduce(graver, 'unknown');
}

/** Grype writes ranges that are not affected, Trivy a sentence. */
function fixIn(entry: JsonObject, affected: JsonObject): string | null {
  const ranges = each(affected.versions).flatMap(({ status, range, version }) =>
    status === 'unaffected' ? (wordOf(range) ?? wordOf(version) ?? []) : [],
  );
  if (ranges.length > 0) {
    return ranges.map((range) => range.replace(/^vers:[^/]*\/>?=?/, '')).join(', ');
  }
  const sentence = wordOf(entry.recommendation);
  return sentence === undefined ? null : (/ to version (.+)$/.exec(sentence)?.[1] ?? sentence);
}
