import { type JsonObject, objectOf } from '../../core/json.ts';
import type { Subject, SubjectName } from './document.ts';
import { digestIn, wordOf, wordsOf } from './narrow.ts';

/** What Syft and Grype say alike: `source` names the image, `descriptor` the tool. */
export function subjectOf(json: JsonObject): Subject | null {
  const source = objectOf(json.source);
  if (source === undefined) return null;
  // Syft has the fields of an image in `metadata`, Grype in `target`.
  const image = objectOf(source.metadata) ?? objectOf(source.target);
  const name = (value: unknown, of: SubjectName['of']): SubjectName[] => {
    const digest = digestIn(value);
    return digest === undefined ? [] : [{ digest, of }];
  };
  const architecture = wordOf(image?.architecture);
  return {
    names: [
      ...name(image?.imageID, 'config'),
      // Taken from an engine, the tools make up a manifest, whose digest no registry knows.
      ...name(image?.manifestDigest, 'any'),
      ...wordsOf(image?.repoDigests).flatMap((digest) => name(digest, 'any')),
    ],
    reference: wordOf(image?.userInput) ?? wordOf(source.name) ?? null,
    platform: architecture === undefined ? null : { os: wordOf(image?.os) ?? '', architecture },
  };
}

export function toolOf(json: JsonObject): string {
  const descriptor = objectOf(json.descriptor);
  return [wordOf(descriptor?.name), wordOf(descriptor?.version)].filter(Boolean).join(' ');
}

/** The path of the first place a package was found at. */
export function pathOf(artifact: JsonObject | undefined): string | null {
  const [place] = Array.isArray(artifact?.locations) ? artifact.locations : [];
  return wordOf(objectOf(place)?.path) ?? null;
}
