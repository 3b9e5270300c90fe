/**
 * A file name as a SARIF artifact URI: relative and percent-encoded (SARIF 2.1.0 section 3.4.3, RFC
 * 3986 section 4.2), absolute paths as `file:` URIs. A colon is encoded too, or the first segment of
 * a relative reference would read as a scheme.
 */
export function artifactUri(path: string): string {
  const segments = path.replaceAll('\\', '/').split('/').map(encodeSegment);
  const encoded = segments.join('/').replace(/^(?:\.\/)+/, '');
  if (path.startsWith('/')) return `file://${encoded.replace(/^\/+/, '/')}`;
  return encoded === '' ? '.' : encoded;
}

function encodeSegment(segment: string): string {
  // A lone surrogate has no UTF-8 form, and encodeURIComponent throws on it.
  return encodeURIComponent(segment.toWellFormed());
}
