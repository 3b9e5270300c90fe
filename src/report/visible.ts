/**
 * Characters that act instead of showing: controls (ESC starts a terminal command, a newline forges a
 * line), format characters (bidirectional overrides reorder what a person reads), line and paragraph
 * separators, lone surrogates and noncharacters (both illegal in XML 1.0 section 2.2).
 */
const acting = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]/gu;

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Data from a record on one line, with every acting character written out: `\n`, `\u{1b}`. */
export function visible(text: string): string {
  return text.replace(acting, (character) => named[character] ?? codePointEscape(character));
}

/** Like {@link visible} for text meant to have lines (a remediation, a stack). */
export function visibleLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => visible(line.trimEnd()))
    .filter((line) => line !== '');
}

function codePointEscape(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
