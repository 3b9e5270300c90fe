import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';

export interface Signing {
  readonly accessKey: string;
  readonly region: string;
  readonly keys: SigningKeys;
  /** Wall time; servers refuse one that is 15 minutes off. */
  readonly date: Date;
}

export interface SignedRequest {
  readonly method: string;
  /** As sent: each segment encoded once. */
  readonly path: string;
  /** As sent, by {@link queryString}. */
  readonly query: string;
  /** Lower-case names; all of them are signed, `host` and `x-amz-content-sha256` have to be there. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Keys that requests are signed with: one for each day, made of the secret one. */
export interface SigningKeys {
  /** @param day such as `20261121` */
  of(day: string): KeyObject;
}

/** @param secretKey asked for when a key is made */
export function signingKeys(secretKey: () => string, region: string): SigningKeys {
  let last: { readonly day: string; readonly key: KeyObject } | undefined;
  return {
    of(day) {
      if (last?.day !== day) {
        const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
          hmac,
          `AWS4${secretKey()}`,
        );
        last = { day, key: createSecretKey(Buffer.from(key)) };
      }
      return last.key;
    },
  };
}

const algorithm = 'AWS4-HMAC-SHA256';
const service = 's3';

/**
 * The headers that sign a request: AWS Signature Version 4, "Authenticating Requests: Using the
 * Authorization Header" in the API reference of Amazon S3.
 */
export function sign(request: SignedRequest, signing: Signing): Record<string, string> {
  const time = signing.date.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const headers: Record<string, string> = { ...request.headers, 'x-amz-date': time };
  const names = Object.keys(headers).sort();
  const canonical = [
    request.method,
    request.path,
    request.query,
    ...names.map((name) => `${name}:${headers[name]?.trim().replaceAll(/ +/g, ' ')}`),
    '',
    names.join(';'),
    headers['x-amz-content-sha256'],
  ].join('\n');
  const day = time.slice(0, 8);
  const scope = `${day}/${signing.region}/${service}/aws4_request`;
  const toSign = [algorithm, time, scope, sha256(canonical)].join('\n');
  const signature = hmac(signing.keys.of(day), toSign).toString('hex');
  const credential = `${signing.accessKey}/${scope}`;
  return {
    ...headers,
    authorization: `${algorithm} Credential=${credential},SignedHeaders=${names.join(';')},Signature=${signature}`,
  };
}

const hmac = (key: string | Buffer | KeyObject, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

export const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/** RFC 3986: everything but unreserved characters, which `encodeURIComponent` takes more freely. */
const encodeText = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A key as a path: its slashes stay, and no segment is given a meaning. */
export const encodeKey = (key: string): string => key.split('/').map(encodeText).join('/');

/** Sorted by encoded name, as it is signed; a name without a value keeps its `=`. */
export function queryString(query: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(query)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${encodeText(name)}=${encodeText(value)}`],
    )
    .sort()
    .join('&');
}
