import { type JsonObject, parseObject } from './json.ts';

/**
 * An object that other programs take as we do; undefined for what is none. Of a field that stands in an object twice, Go
 * takes the last and we the last of the spelling that came last; and two objects that a field is given, be it in other
 * cases, Go makes one, where we take one. What runs an image must not see another one than we.
 */
export function parsePlain(text: string): JsonObject | undefined {
  const json = parseObject(text);
  return json && !hasDoubledField(text) ? json : undefined;
}

/** What is known of a field of an object, whatever the case of its name. */
interface Field {
  readonly spellings: Set<string>;
  /** A value of it is an object that holds something. */
  isFull: boolean;
}

/** @param text valid JSON */
function hasDoubledField(text: string): boolean {
  /** The fields of the objects that are open; undefined for an array. */
  const open: (Map<string, Field> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '{') open.push(new Map());
    else if (sign === '[') open.push(undefined);
    else if (sign === '}' || sign === ']') open.pop();
    else if (sign === '"') {
      const from = at;
      at = endOfString(text, at);
      const behind = nextSign(text, at + 1);
      const fields = open.at(-1);
      if (!fields || text[behind] !== ':') continue;
      const name: unknown = JSON.parse(text.slice(from, at + 1));
      if (isDoubled(fields, String(name), isFullObject(text, behind + 1))) return true;
    }
  }
  return false;
}

function isDoubled(fields: Map<string, Field>, name: string, isFull: boolean): boolean {
  const known = fields.get(name.toLowerCase());
  if (!known) {
    fields.set(name.toLowerCase(), { spellings: new Set([name]), isFull });
    return false;
  }
  if (known.spellings.has(name) || known.isFull || isFull) return true;
  known.spellings.add(name);
  return false;
}

/** Where the quotation mark stands that ends a string. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function isFullObject(text: string, from: number): boolean {
  const start = nextSign(text, from);
  return text[start] === '{' && text[nextSign(text, start + 1)] !== '}';
}

function nextSign(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? '')) at++;
  return at;
}
