import { type JsonObject, objectOf } from '../../../../core/json.ts';
import { pathOf, subjectOf, toolOf } from '../../anchore.ts';
import { nothing, type Reader, type Vulnerability } from '../../document.ts';
import { each, latest, momentOf, wordOf, wordsOf } from '../../narrow.ts';
import { severityOf } from '../../severity.ts';

/** `grype -o json`: https://github.com/anchore/grype/tree/main/schema/grype/json */
export const reader: Reader = {
  title: 'Grype JSON',
  recognises: (json) => Array.isArray(json.matches) && objectOf(json.descriptor) !== undefined,
  read(json) {
    const descriptor = objectOf(json.descriptor);
    const database = objectOf(descriptor?.db);
    return {
      ...nothing,
      tool: toolOf(json),
      subject: subjectOf(json),
      madeAt: momentOf(descriptor?.timestamp),
      // Version 6 of the database moved it below `status`.
      databaseBuiltAt: momentOf(objectOf(database?.status)?.built) ?? momentOf(database?.built),
      vulnerabilities: each(json.matches).flatMap(vulnerabilityOf),
    };
  },
};

function vulnerabilityOf(match: JsonObject): Vulnerability[] {
  const entry = objectOf(match.vulnerability);
  const artifact = objectOf(match.artifact);
  const id = wordOf(entry?.id);
  const name = wordOf(artifact?.name);
  if (entry === undefined || id === undefined || name === undefined) return [];
  const fix = objectOf(entry.fix);
  const versions = wordsOf(fix?.versions);
  const isFixed = fix?.state === 'fixed' && versions.length > 0;
  const publishedAt = momentOf(entry.published);
  const available = each(fix?.available).map(({ date }) => momentOf(date));
  return [
    {
      id,
      aliases: each(match.relatedVulnerabilities).flatMap((other) => wordOf(other.id) ?? []),
      package: {
        name,
        version: wordOf(artifact?.version) ?? '',
        purl: wordOf(artifact?.purl) ?? null,
        path: pathOf(artifact),
      },
      severity: severityOf(wordOf(entry.severity)),
      fixedIn: isFixed ? versions.join(', ') : null,
      exploited: each(entry.knownExploited).length > 0,
      publishedAt,
      changedAt: latest([publishedAt, momentOf(entry.modified), ...available]),
    },
  ];
}
