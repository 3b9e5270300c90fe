import type { Flag, Heredoc, Instruction, Pair, Word } from './instruction.ts';
import type { RawInstruction } from './parse.ts';
import type { Pieced } from './text.ts';
import { expand, spansOf } from './words.ts';

/** What is known of an instruction before stages and shells are. */
export type PlainInstruction = Omit<Instruction, 'stage' | 'interpreter' | 'script'>;

/** Instructions that take a JSON list (https://docs.docker.com/reference/dockerfile/#shell-and-exec-form). */
const listed: ReadonlySet<string> = new Set([
  'ADD',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'RUN',
  'SHELL',
  'VOLUME',
]);
const flagged: ReadonlySet<string> = new Set(['ADD', 'COPY', 'FROM', 'HEALTHCHECK', 'RUN']);

/** The instruction, and after an ONBUILD what it triggers. */
export function instructionsOf(raw: RawInstruction, escapeSign: string): PlainInstruction[] {
  const own = instructionOf(raw, escapeSign, false);
  if (own.keyword !== 'ONBUILD') return [own];
  const written = /^\S+/.exec(raw.rest.text)?.[0];
  if (written === undefined) return [own];
  const gap = /^\s*/.exec(raw.rest.text.slice(written.length))?.[0].length ?? 0;
  const rest = raw.rest.slice(written.length + gap);
  const trigger = { ...raw, written, place: raw.rest.place(0), rest };
  return [own, instructionOf(trigger, escapeSign, true)];
}

function instructionOf(
  raw: RawInstruction,
  escapeSign: string,
  onBuild: boolean,
): PlainInstruction {
  const keyword = raw.written.toUpperCase();
  const { flags, body } = withoutFlags(keyword, raw.rest, escapeSign);
  const words = wordsOf(body, escapeSign);
  const check = keyword === 'HEALTHCHECK' ? /^CMD\s+/i.exec(body.text)?.[0].length : undefined;
  const list = check === undefined ? body.text : body.text.slice(check);
  return {
    ...{ keyword, flags, body, words, onBuild },
    written: raw.written,
    place: raw.place,
    lastLine: raw.lastLine,
    json: listed.has(keyword) || check !== undefined ? jsonList(list) : undefined,
    heredocs: raw.heredocs.map(
      ({ start: { name, expands }, body: text }): Heredoc => ({ name, expands, body: text }),
    ),
    ...pairsOf(keyword, body, words, escapeSign),
  };
}

function withoutFlags(keyword: string, rest: Pieced, escapeSign: string) {
  const flags: Flag[] = [];
  if (!flagged.has(keyword)) return { flags, body: rest };
  const spans = spansOf(rest.text, escapeSign);
  for (const { text, start } of spans) {
    const [, name, , value] = /^--([a-z][a-z-]*)(=(.*))?$/s.exec(text) ?? [];
    if (name === undefined) break;
    const plain = value === undefined ? undefined : expand(value, escapeSign).value;
    flags.push({ name, value: plain, place: rest.place(start) });
  }
  const next = spans[flags.length];
  return { flags, body: rest.slice(next?.start ?? rest.text.length) };
}

function wordsOf(body: Pieced, escapeSign: string): Word[] {
  return spansOf(body.text, escapeSign).map(({ text, start }) =>
    wordAt(body, text, start, escapeSign),
  );
}

const wordAt = (body: Pieced, text: string, start: number, escapeSign: string): Word => ({
  text,
  value: expand(text, escapeSign).value,
  place: body.place(start),
});

/** A list that is no JSON of texts alone is taken for a command line by BuildKit. */
function jsonList(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    const isTexts = Array.isArray(list) && list.every((one) => typeof one === 'string');
    return isTexts ? list : undefined;
  } catch {
    return undefined;
  }
}

function pairsOf(
  keyword: string,
  body: Pieced,
  words: readonly Word[],
  escapeSign: string,
): Pick<Instruction, 'pairs' | 'isLegacyPair'> {
  const [first, second] = words;
  const takesPairs = keyword === 'ENV' || keyword === 'LABEL' || keyword === 'ARG';
  if (!takesPairs || !first) return { pairs: [], isLegacyPair: false };
  if (keyword === 'ARG' || first.text.includes('=')) {
    return { pairs: words.map((word) => pairOf(word, escapeSign)), isLegacyPair: false };
  }
  const start = first.text.length;
  const gap = /^\s*/.exec(body.text.slice(start))?.[0].length ?? 0;
  const text = body.text.slice(start + gap);
  const value = second && wordAt(body, text, start + gap, escapeSign);
  return { pairs: [{ name: first, value }], isLegacyPair: true };
}

function pairOf(word: Word, escapeSign: string): Pair {
  const equals = word.text.indexOf('=');
  if (equals === -1) return { name: word, value: undefined };
  const name = word.text.slice(0, equals);
  const value = word.text.slice(equals + 1);
  const { line, column } = word.place;
  return {
    name: { text: name, value: expand(name, escapeSign).value, place: word.place },
    value: {
      text: value,
      value: expand(value, escapeSign).value,
      place: { line, column: column + equals + 1 },
    },
  };
}
