import type { Fix } from '../../core/finding.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { Place } from './text.ts';

/** Puts another text in the place of one that stands on one line. */
export function replacing({ file }: Dockerfile, from: Place, text: string, by: string): Fix {
  const to = { line: from.line, column: from.column + text.length };
  return {
    description: `write ${by} instead of ${text}`,
    edits: [{ file, from, to, text: by }],
  };
}
