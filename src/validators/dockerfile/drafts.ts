import type { Draft } from '../../core/finding.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { Place } from './text.ts';

type Data = Readonly<Record<string, string | number>>;

/** A finding at a place of the file. */
export const draftAt = (
  { file }: Dockerfile,
  { line, column }: Place,
  messageId: string,
  data: Data = {},
): Draft => ({ messageId, data, location: { file, line, column } });

/** The first line of a text, cut to what a message can hold. */
export function shown(text: string): string {
  const [line = ''] = text.split('\n', 1);
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
