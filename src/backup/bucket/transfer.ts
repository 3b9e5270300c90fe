import type { ObjectLine } from '../set/manifest.ts';

const headerNames = {
  contentType: 'content-type',
  contentEncoding: 'content-encoding',
  contentDisposition: 'content-disposition',
  contentLanguage: 'content-language',
  cacheControl: 'cache-control',
} as const satisfies Record<keyof ObjectLine['headers'], string>;

/**
 * An object's part of a configuration file for curl that uploads every object again: for the day on
 * which this program is not at hand. `TARGET` stands for the address of the bucket; the keys are in
 * `access.conf`.
 */
export function transferText(
  { key, sha256, object, metadata, tags, headers }: ObjectLine,
  first: boolean,
): string {
  const named = Object.entries(headerNames).flatMap(([name, header]) => {
    const value = Object.entries(headers).find(([entry]) => entry === name)?.[1];
    return value === undefined ? [] : [[header, value] as const];
  });
  const own = Object.entries(metadata).map(
    ([name, value]) => [`x-amz-meta-${name}`, value] as const,
  );
  // As the query of a URL (S3 API, PutObject).
  const tagging = new URLSearchParams(tags ?? {}).toString();
  const tagged = tagging === '' ? [] : [['x-amz-tagging', tagging] as const];
  const all = [['x-amz-content-sha256', sha256] as const, ...named, ...own, ...tagged];
  return [
    ...(first ? [] : ['next']),
    'config = "access.conf"',
    `url = ${quoted(`TARGET/${encodedKey(key)}`)}`,
    `upload-file = ${quoted(object)}`,
    ...all.map(([name, value]) => `header = ${quoted(`${name}: ${value}`)}`),
    '',
  ].join('\n');
}

/** Every byte that is not unreserved, as the signature of S3 wants it; `/` stays. */
export function encodedKey(key: string): string {
  return key
    .split('/')
    .map((part) =>
      encodeURIComponent(part.toWellFormed()).replaceAll(
        /[!'()*]/g,
        (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/');
}

/** curl(1), --config: within double quotes these are escaped. */
function quoted(text: string): string {
  const escapes: Readonly<Record<string, string>> = {
    '\\': '\\\\',
    '"': '\\"',
    '\t': '\\t',
    '\n': '\\n',
    '\r': '\\r',
    '\v': '\\v',
  };
  return `"${text.replaceAll(/[\\"\t\n\r\v]/g, (letter) => escapes[letter] ?? letter)}"`;
}
