import type { JsonObject } from '../../../../core/json.ts';
import type { Subject, SubjectName } from '../../document.ts';
import { digestIn, each, wordOf } from '../../narrow.ts';
import { parsePurl } from '../../purl.ts';

/** The image that the document is about, as Trivy, Syft and Grype name it. */
export function subjectOf(component: JsonObject | undefined): Subject {
  const properties = each(component?.properties);
  const valuesOf = (name: string) =>
    properties.flatMap((property) => (property.name === name ? [property.value] : []));
  const purl = parsePurl(wordOf(component?.purl) ?? '');
  const names = (values: readonly unknown[], of: SubjectName['of']): SubjectName[] =>
    values.flatMap((value) => {
      const digest = digestIn(value);
      return digest === undefined ? [] : [{ digest, of }];
    });
  const hashes = each(component?.hashes).flatMap(({ alg, content }) =>
    alg === 'SHA-256' ? [`sha256:${wordOf(content)?.toLowerCase()}`] : [],
  );
  const isImage = component?.type === 'container' || purl?.type === 'oci';
  const architecture = purl?.qualifiers.get('arch');
  return {
    names: [
      ...names(valuesOf('aquasecurity:trivy:ImageID'), 'config'),
      ...names(valuesOf('aquasecurity:trivy:RepoDigest'), 'any'),
      ...(isImage ? names([component?.version, purl?.version, ...hashes], 'any') : []),
    ],
    reference: wordOf(component?.name) ?? null,
    platform: architecture === undefined ? null : { os: 'linux', architecture },
  };
}
