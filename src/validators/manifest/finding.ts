import type { Draft, Fix, Severity } from '../../core/finding.ts';
import type { ManifestObject } from './load.ts';
import { formatPath, type Path } from './read.ts';

export interface DraftOptions {
  readonly data?: Readonly<Record<string, string | number>>;
  /** Only when it differs from the rule's own. */
  readonly severity?: Severity;
  /** Which part of the entry the position points to; its value when left out. */
  readonly part?: 'key' | 'value';
  readonly fix?: Fix | undefined;
}

/** What a rule says about a part of an object. */
export function draftAt(
  object: ManifestObject,
  path: Path,
  messageId: string,
  { data = {}, severity, part, fix }: DraftOptions = {},
): Draft {
  const { line, column } = object.locate(path, part);
  return {
    messageId,
    data,
    location: { file: object.file, line, column, path: formatPath(path) },
    object: object.ref,
    ...(severity && { severity }),
    ...(fix && { fix }),
  };
}
