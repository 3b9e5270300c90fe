import { type JsonObject, objectOf } from '../../../../core/json.ts';
import {
  nothing,
  type Reader,
  type Subject,
  type SubjectName,
  type Vulnerability,
} from '../../document.ts';
import { digestIn, each, momentOf, wordOf, wordsOf } from '../../narrow.ts';
import { severityOf, severityOfScore } from '../../severity.ts';

/** The tools whose wording is known: their results have the package in prose only. */
const tools = /trivy|grype/i;

/**
 * SARIF 2.1.0 of Trivy and Grype. Package, version and fix are lines of text in it; Grype names the
 * image by no digest, so its SARIF proves nothing about one.
 */
export const reader: Reader = {
  title: 'SARIF',
  recognises: (json) => json.version === '2.1.0' && Array.isArray(json.runs),
  read(json) {
    const runs = each(json.runs);
    const known = runs.filter((run) => tools.test(nameOf(run)));
    const [first] = known;
    const tool = [first && nameOf(first), wordOf(driverOf(first)?.version)];
    return {
      ...nothing,
      tool: tool.filter(Boolean).join(' '),
      subject: first ? subjectOf(first) : null,
      madeAt: momentOf(each(first?.invocations)[0]?.endTimeUtc),
      databaseOf: /trivy/i.test(tool[0] ?? '') ? 'trivy' : null,
      vulnerabilities: known.length > 0 ? known.flatMap(vulnerabilitiesOf) : null,
      holes: runs.length > known.length ? ['it has runs of tools whose SARIF is not read'] : [],
    };
  },
};

function driverOf(run: JsonObject | undefined): JsonObject | undefined {
  return objectOf(objectOf(run?.tool)?.driver);
}

function nameOf(run: JsonObject): string {
  return wordOf(driverOf(run)?.name) ?? '';
}

function subjectOf(run: JsonObject): Subject {
  const properties = objectOf(run.properties);
  const id = digestIn(properties?.imageID);
  const own: SubjectName[] = id === undefined ? [] : [{ digest: id, of: 'config' }];
  const others = wordsOf(properties?.repoDigests).flatMap((name): SubjectName[] => {
    const digest = digestIn(name);
    return digest === undefined ? [] : [{ digest, of: 'any' }];
  });
  return {
    names: [...own, ...others],
    reference: wordOf(properties?.imageName) ?? null,
    platform: null,
  };
}

function vulnerabilitiesOf(run: JsonObject): Vulnerability[] {
  const rules = new Map(each(driverOf(run)?.rules).map((rule) => [rule.id, rule]));
  return each(run.results).flatMap((result) => {
    const rule = rules.get(result.ruleId);
    const said = `${textOf(result.message)}\n${textOf(rule?.help)}`;
    // Grype puts the package behind the id, and both write the id as a line.
    const id =
      /^Vulnerability (\S+)$/m.exec(said)?.[1] ??
      /^(?:CVE-\d{4}-\d+|GHSA(?:-\w{4}){3})/.exec(wordOf(result.ruleId) ?? '')?.[0];
    const name = lineOf(said, 'Package');
    if (id === undefined || name === undefined) return [];
    const properties = objectOf(rule?.properties);
    return [
      {
        id,
        aliases: [],
        package: {
          name,
          version: lineOf(said, 'Installed Version') ?? lineOf(said, 'Version') ?? '',
          purl: null,
          path: lineOf(said, 'Location') ?? null,
        },
        severity: gravityOf(lineOf(said, 'Severity'), properties),
        fixedIn: lineOf(said, 'Fixed Version') ?? lineOf(said, 'Fix Version') ?? null,
        exploited: false,
        publishedAt: null,
        changedAt: null,
      },
    ];
  });
}

function gravityOf(word: string | undefined, properties: JsonObject | undefined) {
  const named = severityOf(word);
  if (named !== 'unknown') return named;
  return severityOfScore(Number(properties?.['security-severity'] ?? Number.NaN));
}

function textOf(message: unknown): string {
  return wordOf(objectOf(message)?.text) ?? '';
}

/** The rest of the line that begins with a word and a colon; undefined when nothing is said. */
function lineOf(text: string, key: string): string | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${key}:`));
  return wordOf(line?.slice(key.length + 1));
}
