/** An element of an S3 answer: no attributes, no prefixes, text only where there are no children. */
export interface Element {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Element[];
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: Element[];
}

/** S3's answers are three elements deep; no server has a reason for more. */
const deepest = 32;

/** @throws SyntaxError when the text is not one well-formed element */
export function parseXml(xml: string): Element {
  const root: Open = { name: '', text: '', children: [] };
  const open: Open[] = [root];
  const token =
    /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([^\s<>/!?]+)(?:\s[^<>]*?)?(\/?)>|([^<]+)/gy;
  let end = 0;
  for (const [all, cdata, slash, name, empty, text] of xml.replace(/^\uFEFF/, '').matchAll(token)) {
    end += all.length;
    const top = open.at(-1) ?? root;
    if (cdata !== undefined) top.text += cdata;
    else if (text !== undefined) top.text += unescapeXml(text);
    else if (name !== undefined) {
      const local = name.replace(/^.*:/, '');
      if (slash === '/') {
        if (top === root || top.name !== local) throw new SyntaxError(`stray </${local}>`);
        open.pop();
      } else {
        const element: Open = { name: local, text: '', children: [] };
        top.children.push(element);
        if (empty !== '/') open.push(element);
        if (open.length > deepest) throw new SyntaxError('nested too deeply');
      }
    }
  }
  const [element, ...more] = root.children;
  const whole = end === xml.replace(/^\uFEFF/, '').length && open.length === 1;
  if (!whole || !element || more.length > 0) throw new SyntaxError('not one whole element');
  return element;
}

/** The text of the first child of that name, or undefined. */
export const textOf = (element: Element, name: string): string | undefined =>
  element.children.find((child) => child.name === name)?.text;

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function unescapeXml(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi,
    (all, hex, decimal, name) => {
      if (name !== undefined) return named[name] ?? all;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0x10_ffff ? all : String.fromCodePoint(code);
    },
  );
}

/** Line breaks and tabs are written as numbers, for a reader may change them otherwise. */
export const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Whether XML 1.0 can hold the text at all (production 2, "Char"). */
export const fitsXml = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text);
