import { visible } from '../visible.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Elements, or lines of text. */
  readonly children: readonly (XmlElement | string)[];
}

export function element(
  name: string,
  attributes: XmlElement['attributes'],
  children: XmlElement['children'] = [],
): XmlElement {
  return { name, attributes, children };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  // `]]>` must not stand in character data (XML 1.0 section 2.4).
  '>': '&gt;',
  '"': '&quot;',
};

/** {@link visible} first: most control characters are illegal in XML 1.0 even as references. */
function escapeXml(text: string): string {
  return visible(text).replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** The element and all below it, indented by two blanks a level. */
export function xmlLines({ name, attributes, children }: XmlElement, indent = ''): string[] {
  const shown = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
  if (children.length === 0) return [`${indent}<${name}${shown}/>`];
  const inner = children.flatMap((child) =>
    typeof child === 'string' ? [escapeXml(child)] : xmlLines(child, `${indent}  `),
  );
  return [`${indent}<${name}${shown}>`, ...inner, `${indent}</${name}>`];
}
