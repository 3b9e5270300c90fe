import type { Edit, Fix } from '../../core/finding.ts';
import type { ManifestObject } from './load.ts';
import { formatPath, type Path } from './read.ts';

/*
 * Edits of one piece of text. None where the object has no text of its own, as what is rendered, or where
 * the value comes from an alias. What stands in a file and may be secret is never repeated in an edit.
 */

/** Another text for a scalar. */
export function rewritten(object: ManifestObject, path: Path, text: string): Fix | undefined {
  const span = object.spanOf?.(path);
  if (!span) return undefined;
  const edit: Edit = { file: object.file, from: span.from, to: span.to, text };
  return { description: `write ${text} as ${formatPath(path)}`, edits: [edit] };
}

/** Another name for a key. */
export function renamed(object: ManifestObject, path: Path, name: string): Fix | undefined {
  const span = object.spanOf?.(path, 'key');
  if (!span) return undefined;
  const edit: Edit = { file: object.file, from: span.from, to: span.to, text: name };
  return { description: `call ${formatPath(path)} ${name}`, edits: [edit] };
}

/** Quotes around a plain scalar, which make it a string of the same characters. */
export function inQuotes(object: ManifestObject, path: Path): Fix | undefined {
  const span = object.spanOf?.(path);
  if (!span || !/^[^"'\\\s]+$/.test(span.text)) return undefined;
  const { file } = object;
  const around = [span.from, span.to].map((at): Edit => ({ file, from: at, to: at, text: '"' }));
  return { description: `put ${formatPath(path)} in quotes`, edits: around };
}

/** No quotes around a number or truth value. */
export function withoutQuotes(object: ManifestObject, path: Path): Fix | undefined {
  const span = object.spanOf?.(path);
  if (!span || !/^(["'])(?:-?(?:0|[1-9]\d{0,8})|true|false)\1$/.test(span.text)) return undefined;
  const { file } = object;
  const { from, to } = span;
  const remove = (column: number): Edit => ({
    file,
    from: { line: from.line, column },
    to: { line: from.line, column: column + 1 },
    text: '',
  });
  const edits = [remove(from.column), remove(to.column - 1)];
  return { description: `take the quotes off ${formatPath(path)}`, edits };
}
