import { posixClasses } from '../../go-syntax/posix-classes.ts';

/** Longer ones are no allow rule a person wrote. */
const longestPattern = 10_000;

/**
 * A regular expression of Go (RE2 syntax, https://github.com/google/re2/wiki/Syntax) as one of JavaScript, or why
 * there is none.
 */
export function fromGoRegex(source: string): { regex: RegExp } | { why: string } {
  if (source.length > longestPattern) return { why: 'the pattern is too long' };
  const translated = translate(source);
  if (typeof translated !== 'string') return translated;
  try {
    return { regex: new RegExp(translated) };
  } catch (error) {
    return { why: error instanceof Error ? error.message : 'the pattern is not valid' };
  }
}

function translate(source: string): string | { why: string } {
  let result = '';
  /** How many groups were opened for flags, in each group that is open. */
  const opened = [0];
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at, at + 80);
    const quoted = source.startsWith('\\Q', at);
    if (quoted) {
      const end = source.indexOf('\\E', at + 2);
      const literal = source.slice(at + 2, end === -1 ? source.length : end);
      result += literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      at = end === -1 ? source.length : end + 2;
    } else if (rest.startsWith('\\')) {
      const escaped = translateEscape(rest);
      if (escaped === undefined) return { why: `${rest.slice(0, 2)} has no counterpart here` };
      result += escaped.text;
      at += escaped.length;
    } else if (rest.startsWith('[')) {
      const set = translateSet(source, at);
      if (set === undefined) return { why: 'a set of characters has no counterpart here' };
      result += set.text;
      at += set.length;
    } else if (rest.startsWith('(')) {
      const flags = /^\(\?([ims]*)(?:-([ims]+))?([:)])/.exec(rest);
      if (flags && flags[3] === ')') {
        // It holds up to the end of the group that it stands in.
        result += `(?${modifiers(flags)}:`;
        opened[opened.length - 1] = (opened.at(-1) ?? 0) + 1;
        at += flags[0].length;
      } else if (flags) {
        result += `(?${modifiers(flags)}:`;
        opened.push(0);
        at += flags[0].length;
      } else {
        const name = /^\(\?P?<([A-Za-z_]\w{0,60})>/.exec(rest);
        if (!name && rest.startsWith('(?'))
          return { why: `${rest.slice(0, 4)} has no counterpart here` };
        result += name ? `(?<${name[1]}>` : '(';
        opened.push(0);
        at += name ? name[0].length : 1;
      }
    } else if (rest.startsWith(')')) {
      if (opened.length === 1) return { why: 'a parenthesis is closed that was not opened' };
      result += ')'.repeat((opened.pop() ?? 0) + 1);
      at++;
    } else {
      result += source[at];
      at++;
    }
  }
  return result + ')'.repeat(opened[0] ?? 0);
}

/** A flag that is switched on and off at once would be an error here. */
function modifiers([, on = '', off]: RegExpExecArray): string {
  return off === undefined ? on : `${on}-${off}`;
}

function translateEscape(rest: string): { text: string; length: number } | undefined {
  const code = /^\\x\{([0-9A-Fa-f]{1,4})\}/.exec(rest);
  if (code) return { text: `\\u${code[1]?.padStart(4, '0')}`, length: code[0].length };
  const letter = rest[1] ?? '';
  if (letter === 'A') return { text: '(?<![^])', length: 2 };
  if (letter === 'z') return { text: '(?![^])', length: 2 };
  if (letter === 'a') return { text: '\\x07', length: 2 };
  const known = /^\\(?:[dDsSwWbBfnrtv]|x[0-9A-Fa-f]{2}|[^A-Za-z0-9])/.exec(rest);
  return known ? { text: known[0], length: known[0].length } : undefined;
}

/** A set in brackets; one that begins with `]` holds it. */
function translateSet(source: string, from: number): { text: string; length: number } | undefined {
  let at = from + 1;
  let text = '[';
  if (source[at] === '^') {
    text += '^';
    at++;
  }
  for (let first = true; at < source.length; first = false) {
    const character = source[at] ?? '';
    if (character === ']' && !first) return { text: `${text}]`, length: at + 1 - from };
    const posix = /^\[:(\^?)([a-z]+):\]/.exec(source.slice(at, at + 20));
    if (posix) {
      const known = posixClasses[posix[2] ?? ''];
      if (known === undefined || posix[1] === '^') return undefined;
      text += known;
      at += posix[0].length;
    } else if (character === '\\') {
      const escaped = translateEscape(source.slice(at, at + 12));
      if (escaped === undefined || /^\\[AzB]/.test(source.slice(at, at + 2))) return undefined;
      text += escaped.text;
      at += escaped.length;
    } else {
      text += character === '[' || character === ']' ? `\\${character}` : character;
      at++;
    }
  }
  return undefined;
}
