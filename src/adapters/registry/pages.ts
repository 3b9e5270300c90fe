import { Fault } from '../../core/fault.ts';

/**
 * Path and query of the page after this one; undefined on the last. Another server must not be asked with this
 * one's credentials, and without its pages the list is not whole.
 * @param link the header: https://www.rfc-editor.org/rfc/rfc8288#section-3
 * @throws Fault `registry-failed`
 */
export function nextPage(link: string | null, current: URL): string | undefined {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(/<([^>]*)>([^,<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?next"?\s*(?:;|$)/i.test(parameters)) continue;
    const url = URL.parse(target, current.href);
    // Behind a proxy a server may not know that it is spoken to over TLS.
    if (url?.host === current.host) return `${url.pathname}${url.search}`;
    throw new Fault('registry-failed', `${current.host} lets a list go on at another place`);
  }
  return undefined;
}
