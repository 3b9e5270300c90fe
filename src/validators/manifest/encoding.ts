import type { ManifestProblem } from './load.ts';

/** The text of a file that is UTF-8 and all printable, as YAML wants it, or what is wrong with it. */
export function textOf(file: string, bytes: Uint8Array): string | ManifestProblem {
  const text = decode(bytes);
  return text === undefined ? encodingProblem(file, bytes) : (controlProblem(file, text) ?? text);
}

/** Undefined when the bytes are not UTF-8; a byte order mark is dropped. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encodingProblem(file: string, bytes: Uint8Array): ManifestProblem {
  // A newline byte is never part of a longer UTF-8 sequence, so lines can be decoded on their own.
  let line = 1;
  let start = 0;
  for (;;) {
    const newline = bytes.indexOf(0x0a, start);
    const row = bytes.subarray(start, newline === -1 ? bytes.length : newline);
    if (newline === -1 || decode(row) === undefined) {
      const column = new TextDecoder().decode(row).indexOf('\ufffd') + 1;
      return { id: 'not-utf8', data: {}, location: { file, line, column: Math.max(1, column) } };
    }
    line += 1;
    start = newline + 1;
  }
}

/** Characters that YAML allows in a stream: https://yaml.org/spec/1.2.2/#51-character-set */
const notPrintable = /[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function controlProblem(file: string, text: string): ManifestProblem | undefined {
  const match = notPrintable.exec(text);
  if (!match) return undefined;
  const before = text.slice(0, match.index).split('\n');
  const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const location = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  return { id: 'control-character', data: { code: `U+${code}` }, location };
}
