import { type Line, type Pieced, piecedOf } from './text.ts';
import { expand, spansOf } from './words.ts';

/** `<<EOF` as it stands in an instruction. */
export interface HeredocStart {
  readonly name: string;
  /** Leading tabs are taken off (`<<-`). */
  readonly stripsTabs: boolean;
  readonly expands: boolean;
}

const pattern = /^\d*<<(-?)([^<]+)$/;
const allowed: ReadonlySet<string> = new Set(['ADD', 'COPY', 'RUN']);

/**
 * The documents that an instruction begins, in their order
 * (https://docs.docker.com/reference/dockerfile/#here-documents).
 */
export function heredocStartsIn(written: string, rest: Pieced, escapeSign: string): HeredocStart[] {
  const { keyword, text } = triggered(written.toUpperCase(), rest.text);
  if (!allowed.has(keyword) || !text.includes('<<') || text.startsWith('[')) return [];
  return spansOf(text, escapeSign).flatMap((span) => {
    const [, dash = '', raw] = pattern.exec(span.text) ?? [];
    if (raw === undefined) return [];
    const name = expand(raw, escapeSign).value;
    const expands = !/["'\\]/.test(raw);
    return /\s/.test(name) ? [] : [{ name, stripsTabs: dash !== '', expands }];
  });
}

function triggered(keyword: string, text: string): { keyword: string; text: string } {
  if (keyword !== 'ONBUILD') return { keyword, text };
  const [word = ''] = text.split(/\s/, 1);
  return { keyword: word.toUpperCase(), text: text.slice(word.length).trimStart() };
}

export interface Bodies {
  readonly bodies: readonly Pieced[];
  /** Index of the line behind the last one. */
  readonly next: number;
  /** Those whose end is missing. */
  readonly unfinished: readonly HeredocStart[];
}

export function bodiesOf(
  lines: readonly Line[],
  first: number,
  starts: readonly HeredocStart[],
): Bodies {
  const bodies: Pieced[] = [];
  const unfinished: HeredocStart[] = [];
  let at = first;
  for (const start of starts) {
    const begin = at;
    const isEnd = ({ text }: Line) =>
      (start.stripsTabs ? text.replace(/^\t+/, '') : text) === start.name;
    while (at < lines.length && !isEnd(lines[at] ?? { text: '', start: 0 })) at += 1;
    if (at >= lines.length) unfinished.push(start);
    bodies.push(
      piecedOf(
        lines.slice(begin, at).map(({ text }, index) => ({
          text: `${text}\n`,
          place: { line: begin + index + 1, column: 1 },
        })),
      ),
    );
    at = Math.min(at + 1, lines.length);
  }
  return { bodies, next: at, unfinished };
}
