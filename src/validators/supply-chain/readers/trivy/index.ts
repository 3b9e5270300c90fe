import { type JsonObject, objectOf } from '../../../../core/json.ts';
import { nothing, type Reader, type SubjectName, type Vulnerability } from '../../document.ts';
import { digestIn, each, latest, momentOf, wordOf, wordsOf } from '../../narrow.ts';
import { severityOf } from '../../severity.ts';

/** The classes of results that a search for vulnerabilities leaves, with or without any. */
const searched = new Set(['os-pkgs', 'lang-pkgs']);

/** `trivy image --format json`: https://trivy.dev/latest/docs/configuration/reporting/#json */
export const reader: Reader = {
  title: 'Trivy JSON',
  recognises: (json) => json.SchemaVersion === 2 && typeof json.ArtifactName === 'string',
  read(json) {
    const metadata = objectOf(json.Metadata);
    const config = objectOf(metadata?.ImageConfig);
    const system = objectOf(metadata?.OS);
    const results = each(json.Results).filter((result) => searched.has(wordOf(result.Class) ?? ''));
    const id = digestIn(metadata?.ImageID);
    const own: SubjectName[] = id === undefined ? [] : [{ digest: id, of: 'config' }];
    const inRegistries = wordsOf(metadata?.RepoDigests).flatMap((name): SubjectName[] => {
      const digest = digestIn(name);
      return digest === undefined ? [] : [{ digest, of: 'any' }];
    });
    const version = wordOf(objectOf(json.Trivy)?.Version);
    const packages = results.flatMap((result) => each(result.Packages));
    const isImage = json.ArtifactType === undefined || json.ArtifactType === 'container_image';
    return {
      ...nothing,
      tool: version === undefined ? 'Trivy' : `Trivy ${version}`,
      subject: {
        names: [...own, ...inRegistries],
        reference: wordOf(json.ArtifactName) ?? null,
        platform: config
          ? { os: wordOf(config.os) ?? '', architecture: wordOf(config.architecture) ?? '' }
          : null,
      },
      madeAt: momentOf(json.CreatedAt),
      databaseOf: 'trivy',
      vulnerabilities:
        isImage && results.length > 0
          ? results.flatMap((result) =>
              each(result.Vulnerabilities).flatMap((entry) => vulnerabilityOf(entry, result)),
            )
          : null,
      components:
        packages.length === 0
          ? null
          : packages.map((entry) => ({
              name: wordOf(entry.Name) ?? '',
              version: wordOf(entry.Version) ?? '',
              purl: wordOf(objectOf(entry.Identifier)?.PURL) ?? null,
            })),
      endedSystem:
        system?.EOSL === true
          ? `${wordOf(system.Family) ?? ''} ${wordOf(system.Name) ?? ''}`.trim()
          : null,
      holes: isImage ? [] : [`it is about ${wordOf(json.ArtifactType)}, not about an image`],
    };
  },
};

function vulnerabilityOf(entry: JsonObject, result: JsonObject): Vulnerability[] {
  const id = wordOf(entry.VulnerabilityID);
  const name = wordOf(entry.PkgName);
  if (id === undefined || name === undefined) return [];
  const publishedAt = momentOf(entry.PublishedDate);
  return [
    {
      id,
      aliases: wordsOf(entry.VendorIDs),
      package: {
        name,
        version: wordOf(entry.InstalledVersion) ?? '',
        purl: wordOf(objectOf(entry.PkgIdentifier)?.PURL) ?? null,
        // A lock file or a program is named by the result, a file of its own by the package.
        path:
          wordOf(entry.PkgPath) ??
          (result.Class === 'lang-pkgs' ? (wordOf(result.Target) ?? null) : null),
      },
      severity: severityOf(wordOf(entry.Severity)),
      fixedIn: wordOf(entry.FixedVersion) ?? null,
      exploited: false,
      publishedAt,
      changedAt: latest([publishedAt, momentOf(entry.LastModifiedDate)]),
    },
  ];
}
