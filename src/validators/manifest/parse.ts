import type { Position } from '../../config/yaml-source.ts';
import { sha256Hex } from '../../core/digest.ts';
import { commentsIn, type IgnoreComment } from '../suppressions/comments.ts';
import { documentsOf, type Reader } from './documents.ts';
import { textOf } from './encoding.ts';
import type { ManifestFile, ManifestObject, ManifestProblem, Skipped } from './load.ts';
import { contentOf, isKustomization, notBuilt } from './objects.ts';

export interface ManifestSource {
  /** As findings show it. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What a text holds. */
export interface ParsedFile extends ManifestFile {
  readonly documents: number;
  readonly objects: readonly ManifestObject[];
  readonly problems: readonly ManifestProblem[];
  readonly skipped: readonly Skipped[];
  readonly comments: readonly IgnoreComment[];
}

/** @throws Fault `input-too-large` when collections are nested too deeply */
export function parseSource({ path, bytes }: ManifestSource, read: Reader): ParsedFile {
  const identity = { path, sha256: sha256Hex(bytes), size: bytes.byteLength };
  const nothing = { objects: [], problems: [], skipped: [], comments: [] };
  const empty = { ...identity, ...nothing, documents: 0 };
  if (isKustomization(path)) return { ...empty, skipped: [{ path, why: notBuilt }] };
  const text = textOf(path, bytes);
  if (typeof text !== 'string') return { ...empty, documents: 1, problems: [text] };

  const documents = documentsOf({ path, text }, read);
  const contents = documents.map((document) => contentOf(path, document));
  return {
    ...identity,
    documents: documents.length,
    objects: contents.flatMap((content) => content.objects ?? []),
    problems: contents.flatMap((content) => content.problems ?? []),
    skipped: contents.flatMap((content) => content.skipped ?? []),
    comments: commentsIn(path, text),
  };
}

/** The same, as what stands in another text, where it has no words of its own. */
export function repositioned(file: ParsedFile, to: (position: Position) => Position): ParsedFile {
  return {
    ...file,
    objects: file.objects.map((object) => ({
      ...object,
      locate: (path, part) => to(object.locate(path, part)),
      spanOf: undefined,
    })),
    problems: file.problems.map((problem) => {
      const { line = 1, column = 1 } = problem.location;
      return { ...problem, location: { ...problem.location, ...to({ line, column }) } };
    }),
    comments: file.comments.map((comment) => ({
      ...comment,
      ...to(comment),
      about: comment.about === 0 ? 0 : to({ line: comment.about, column: 1 }).line,
    })),
  };
}
