/**
 * Path and query of the page after this one; undefined on the last, and for one on another server,
 * which must not be asked with this one's credentials.
 * @param link the header: https://www.rfc-editor.org/rfc/rfc8288#section-3
 */
export function nextPage(link: string | null, current: URL): string | undefined {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(/<([^>]*)>([^,<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?next"?\s*(?:;|$)/i.test(parameters)) continue;
    const url = URL.parse(target, current.href);
    if (url?.origin === current.origin) return `${url.pathname}${url.search}`;
  }
  return undefined;
}
