import { type JsonObject, objectOf } from '../../../../core/json.ts';
import { nothing, type Reader, type Subject, type SubjectName } from '../../document.ts';
import { digestIn, each, momentOf, wordOf, wordsOf } from '../../narrow.ts';
import { parsePurl } from '../../purl.ts';

/** SPDX 2.2 and 2.3 as JSON: https://spdx.github.io/spdx-spec/v2.3/ */
export const reader: Reader = {
  title: 'SPDX',
  recognises: (json) => /^SPDX-2\.\d+$/.test(String(json.spdxVersion)),
  read(json) {
    const packages = each(json.packages);
    const roots = rootsOf(json);
    const root = packages.find((entry) => roots.has(String(entry.SPDXID)));
    const creation = objectOf(json.creationInfo);
    const tool = wordsOf(creation?.creators).find((creator) => creator.startsWith('Tool: '));
    // The root stands for the image, and operating systems and lock files are no packages.
    const purposes = new Set(['CONTAINER', 'OPERATING-SYSTEM', 'APPLICATION', 'SOURCE', 'FILE']);
    const own = packages.filter(
      (entry) =>
        entry !== root &&
        (purlOf(entry) !== null || !purposes.has(String(entry.primaryPackagePurpose))),
    );
    return {
      ...nothing,
      tool: tool?.slice('Tool: '.length).replace(/-(?=v?\d)/, ' ') ?? '',
      subject: subjectOf(root),
      madeAt: momentOf(creation?.created),
      components: own.map((entry) => ({
        name: wordOf(entry.name) ?? '',
        version: wordOf(entry.versionInfo) ?? '',
        purl: purlOf(entry),
      })),
    };
  },
};

/** What the document says it describes: a field of its own, or a relationship. */
function rootsOf(json: JsonObject): ReadonlySet<string> {
  const described = each(json.relationships).flatMap((relationship) =>
    relationship.relationshipType === 'DESCRIBES' &&
    relationship.spdxElementId === 'SPDXRef-DOCUMENT'
      ? [String(relationship.relatedSpdxElement)]
      : [],
  );
  return new Set([...wordsOf(json.documentDescribes), ...described]);
}

function purlOf(entry: JsonObject): string | null {
  const reference = each(entry.externalRefs).find(({ referenceType }) => referenceType === 'purl');
  return wordOf(reference?.referenceLocator) ?? null;
}

function subjectOf(root: JsonObject | undefined): Subject {
  const purl = parsePurl((root && purlOf(root)) ?? '');
  // Trivy writes lines such as `ImageID: sha256:…`, in one field or the other by its version.
  const lines = [
    ...wordsOf(root?.attributionTexts),
    ...each(root?.annotations).flatMap(({ comment }) => wordOf(comment) ?? []),
  ];
  const linesOf = (key: string) => lines.filter((line) => line.startsWith(`${key}: `));
  const names = (values: readonly unknown[], of: SubjectName['of']): SubjectName[] =>
    values.flatMap((value) => {
      const digest = digestIn(value);
      return digest === undefined ? [] : [{ digest, of }];
    });
  const checksums = each(root?.checksums).flatMap(({ algorithm, checksumValue }) =>
    algorithm === 'SHA256' ? [`sha256:${wordOf(checksumValue)?.toLowerCase()}`] : [],
  );
  const isImage = root?.primaryPackagePurpose === 'CONTAINER' || purl?.type === 'oci';
  const architecture = purl?.qualifiers.get('arch');
  return {
    names: [
      ...names(linesOf('ImageID'), 'config'),
      ...names(linesOf('RepoDigest'), 'any'),
      ...(isImage ? names([root?.versionInfo, purl?.version, ...checksums], 'any') : []),
    ],
    reference: wordOf(root?.name) ?? null,
    platform: architecture === undefined ? null : { os: 'linux', architecture },
  };
}
