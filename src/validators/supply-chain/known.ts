import type { EvidenceDocument, Vulnerability } from './document.ts';
import { latest } from './narrow.ts';
import { graver } from './severity.ts';

/** A vulnerability of one package in one version, whoever reported it. */
export interface KnownVulnerability extends Vulnerability {
  /** Without a slash at the start, each once. */
  readonly paths: readonly string[];
  readonly purls: readonly string[];
  /** The files that report it. */
  readonly reportedIn: readonly string[];
}

/**
 * What several reports say, each thing once. Scanners give one vulnerability by different names: Grype
 * prefers those of GitHub, Trivy those of CVE. Of two grades the graver counts.
 */
export function knownVulnerabilities(
  documents: readonly EvidenceDocument[],
): readonly KnownVulnerability[] {
  const known = new Map<string, KnownVulnerability>();
  for (const { file, vulnerabilities } of documents) {
    for (const vulnerability of vulnerabilities ?? []) {
      const { name, version } = vulnerability.package;
      const key = [canonicalId(vulnerability), name, version].join('\0');
      known.set(key, joined(known.get(key), vulnerability, file));
    }
  }
  return [...known.values()];
}

function joined(
  before: KnownVulnerability | undefined,
  one: Vulnerability,
  file: string,
): KnownVulnerability {
  const { path, purl } = one.package;
  const id = canonicalId(one);
  const names = [one.id, ...one.aliases, ...(before?.aliases ?? [])];
  return {
    ...one,
    id,
    aliases: distinct(names.filter((name) => name !== id)),
    package: before?.package.purl ? before.package : one.package,
    severity: before ? graver(before.severity, one.severity) : one.severity,
    fixedIn: before?.fixedIn ?? one.fixedIn,
    exploited: one.exploited || (before?.exploited ?? false),
    publishedAt: before?.publishedAt ?? one.publishedAt,
    changedAt: latest([before?.changedAt ?? null, one.changedAt]),
    paths: distinct([
      ...(before?.paths ?? []),
      ...(path === null ? [] : [path.replace(/^\/+/, '')]),
    ]),
    purls: distinct([...(before?.purls ?? []), ...(purl === null ? [] : [purl])]),
    reportedIn: distinct([...(before?.reportedIn ?? []), file]),
  };
}

function canonicalId({ id, aliases }: Vulnerability): string {
  return [id, ...aliases].find((name) => name.startsWith('CVE-')) ?? id;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** Every name of a vulnerability. */
export function idsOf({ id, aliases }: Vulnerability): readonly string[] {
  return [id, ...aliases];
}

/** What tells a finding about it from others, for as long as package and version stay. */
export function identityOf(image: string, { id, package: { name, version } }: Vulnerability) {
  return [image, id, name, version].join('\0');
}
