import { visible } from '../visible.ts';

declare const trusted: unique symbol;

/** Markup that may stand in the page as it is; only {@link html} makes it. */
export interface Html {
  readonly markup: string;
  readonly [trusted]: true;
}

export type Content = Html | string | number | null | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe as text and inside a quoted attribute. */
function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function markupOf(content: Content): string {
  if (content === null) return '';
  if (typeof content === 'string') return escapeHtml(content);
  if (typeof content === 'number') return String(content);
  return isHtml(content) ? content.markup : content.map(markupOf).join('');
}

function isHtml(content: Html | readonly Content[]): content is Html {
  return !Array.isArray(content);
}

/** A template whose values are escaped unless they are themselves the result of `html`. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  const markup = parts.reduce(
    (text, part, index) => text + markupOf(values[index - 1] ?? null) + part,
  );
  return trust(markup);
}

/** For text that is no data: the style sheet, and lines escaped one by one. */
function trust(markup: string): Html {
  // The brand exists in the types alone, so that no string of a record can carry it.
  return { markup } as Html;
}

/** The style element; the text is a constant of this program and holds no `<`. */
export function styleElement(css: string): Html {
  return trust(`<style>${css}</style>`);
}

/** Each line escaped, with real line ends between: for `pre`. */
export function preformatted(lines: readonly string[]): Html {
  return trust(lines.map(escapeHtml).join('\n'));
}
