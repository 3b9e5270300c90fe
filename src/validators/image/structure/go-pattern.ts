import { fitsInTime } from '../../go-syntax/fits-in-time.ts';
import { posixClasses } from '../../go-syntax/posix-classes.ts';

/** Why a pattern of Go cannot be asked here. */
export interface PatternProblem {
  readonly problem: string;
}

/** What `\s` and `.` are in Go, which differs. */
const space = '\\t\\n\\f\\r ';

/**
 * A pattern in Go's syntax (https://pkg.go.dev/regexp/syntax) as one of JavaScript with the flag `v` left out and `u`
 * set, so that what JavaScript would take for something else is refused rather than asked wrongly.
 */
export function goPattern(source: string): RegExp | PatternProblem {
  const flags = new Set(['u']);
  let rest = source;
  const leading = /^\(\?([imsU]*)(?:-[imsU]+)?\)/.exec(rest);
  if (leading) {
    for (const flag of leading[1] ?? '') flags.add(flag);
    rest = rest.slice(leading[0].length);
  }
  if (flags.delete('U')) return { problem: 'the flag U has no counterpart' };
  // Both are written out, since JavaScript knows more ends of lines.
  const translated = translate(rest, { isAll: flags.delete('s'), isLines: flags.delete('m') });
  if (typeof translated !== 'string') return translated;
  try {
    return new RegExp(translated, [...flags].join(''));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

interface Mode {
  /** The dot is for ends of lines, too. */
  readonly isAll: boolean;
  /** `^` and `$` are for each line. */
  readonly isLines: boolean;
}

function translate(source: string, { isAll, isLines }: Mode): string | PatternProblem {
  let out = '';
  let inClass = false;
  for (let at = 0; at < source.length; at++) {
    const char = source[at] ?? '';
    if (char === '\\') {
      const quoted = inClass ? undefined : /^\\Q(.*?)(?:\\E|$)/s.exec(source.slice(at));
      if (quoted) {
        out += (quoted[1] ?? '').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
        at += quoted[0].length - 1;
        continue;
      }
      const escaped = readEscape(source.slice(at), inClass);
      if ('problem' in escaped) return escaped;
      out += escaped.out;
      at += escaped.length - 1;
    } else if (inClass) {
      const named = /^\[:(\^?)(\w+):\]/.exec(source.slice(at));
      if (named) {
        const set = posixClasses[named[2] ?? ''];
        if (set === undefined) return { problem: `there is no class ${named[0]}` };
        if (named[1]) return { problem: `the negated class ${named[0]} has no counterpart` };
        out += set;
        at += named[0].length - 1;
      } else if (char === ']') {
        inClass = false;
        out += char;
      } else out += char === '[' ? '\\[' : char;
    } else if (char === '[') {
      inClass = true;
      const open = /^\[\^?/.exec(source.slice(at))?.[0] ?? '[';
      out += open;
      at += open.length - 1;
      // A bracket that comes first stands for itself.
      if (source[at + 1] === ']') {
        out += '\\]';
        at++;
      }
    } else if (char === '.') out += isAll ? '[^]' : '[^\\n]';
    else if (isLines && char === '^') out += '(?<![^\\n])';
    else if (isLines && char === '$') out += '(?![^\\n])';
    else if (char === '(' && source.startsWith('(?P<', at)) {
      out += '(?<';
      at += 3;
    } else if (char === '(' && /^\(\?(?!i?:)[a-zA-Z-]+[:)]/.test(source.slice(at))) {
      return { problem: 'flags in the middle of a pattern have no counterpart' };
    } else if (char === '(' && /^\(\?(?:[=!]|<[=!])/.test(source.slice(at))) {
      return { problem: 'Go has no look-around' };
    } else if (char === ']' || char === '}') out += braceOf(out, char);
    else if (char === '{') out += /^\{\d+(?:,\d*)?\}/.test(source.slice(at)) ? '{' : '\\{';
    else out += char;
  }
  return out;
}

/** A closing bracket that closes nothing stands for itself. */
function braceOf(before: string, char: string): string {
  return char === '}' && /(?<!\\)\{\d+(?:,\d*)?$/.test(before) ? char : `\\${char}`;
}

function readEscape(
  text: string,
  inClass: boolean,
): { readonly out: string; readonly length: number } | PatternProblem {
  const next = text[1] ?? '';
  const hex = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(text);
  if (hex) return { out: `\\u{${hex[1] ?? hex[2]}}`, length: hex[0].length };
  const octal = /^\\([1-7][0-7]{1,2}|0[0-7]{0,2})/.exec(text);
  if (octal)
    return {
      out: `\\u{${Number.parseInt(octal[1] ?? '0', 8).toString(16)}}`,
      length: octal[0].length,
    };
  const property = /^\\[pP](?:\{\^?(\w+)\}|(\w))/.exec(text);
  if (property) {
    const named = property[1] ?? property[2] ?? '';
    const isScript = named.length > 2;
    const negated = (text[1] === 'P') !== property[0].includes('{^');
    return {
      out: `\\${negated ? 'P' : 'p'}{${isScript ? `Script=${named}` : named}}`,
      length: property[0].length,
    };
  }
  if (next === 'a') return { out: '\\x07', length: 2 };
  if (next === 's') return { out: inClass ? space : `[${space}]`, length: 2 };
  if (next === 'S') {
    return inClass
      ? { problem: '\\S in a class has no counterpart' }
      : { out: `[^${space}]`, length: 2 };
  }
  if (next === 'A') return { out: '(?<![^])', length: 2 };
  if (next === 'z') return { out: '(?![^])', length: 2 };
  if (/[dDwWbBfnrtv]/.test(next)) return { out: `\\${next}`, length: 2 };
  if (/[a-zA-Z0-9]/.test(next)) return { problem: `Go has no \\${next}` };
  // Of punctuation JavaScript escapes only what means something to it.
  return {
    out: /[\\^$.*+?()[\]{}|/-]/.test(next) ? (next === '-' && !inClass ? '-' : `\\${next}`) : next,
    length: 2,
  };
}

/** Milliseconds for one pattern over one text. */
const patience = 2000;

/** Whether a pattern is in a text; undefined when it takes too long. */
export function matches(pattern: RegExp, text: string): boolean | undefined {
  return fitsInTime(pattern, text, patience);
}
