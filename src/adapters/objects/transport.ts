import * as http from 'node:http';
import * as https from 'node:https';
import { Fault } from '../../core/fault.ts';
import type { ObjectStoreSettings } from './objects.ts';
import { encodeKey, queryString, type SigningKeys, sha256, sign, signingKeys } from './sigv4.ts';

export interface Outgoing {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly bucket: string;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Lower-case names, printable ASCII values. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Of the body, when it is known already: hex digits. */
  readonly bodySha256?: string;
}

/** Sends one signed request once. */
export interface Transport {
  /** Resolves with the head of the answer. The signal also ends the reading of its body. */
  send(outgoing: Outgoing, signal: AbortSignal): Promise<http.IncomingMessage>;
  close(): void;
}

export interface TransportOptions {
  /** Milliseconds without a byte after which a server is given up. */
  readonly idleMs: number;
  readonly now: () => Date;
}

/** Connections kept open; parts and small objects are sent side by side. */
const maxSockets = 64;
/** Bytes of a body that are sent along with the head. */
const eagerBytes = 64 * 1024;
const continueMs = 1000;

export function createTransport(
  settings: ObjectStoreSettings,
  { idleMs, now }: TransportOptions,
): Transport {
  const endpoint = new URL(settings.endpoint);
  const keys = signingKeys(settings.secretKey, settings.region);
  const secure = endpoint.protocol === 'https:';
  const { request } = secure ? https : http;
  const agent = secure
    ? new https.Agent({
        keepAlive: true,
        maxSockets,
        ...(settings.certificates === undefined ? {} : { ca: settings.certificates }),
      })
    : new http.Agent({ keepAlive: true, maxSockets });

  return {
    async send(outgoing, signal) {
      assertNames(outgoing);
      const { hostname, host, path } = addressOf(settings, endpoint, outgoing);
      const query = queryString(outgoing.query ?? {});
      const headers = signedHeaders(settings, outgoing, { host, path, query }, keys, now());
      const answer = Promise.withResolvers<http.IncomingMessage>();
      const sent = request({
        agent,
        // An IPv6 address stands in brackets in a URL, and without them elsewhere.
        hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
        port: endpoint.port || (secure ? 443 : 80),
        method: outgoing.method,
        path: query === '' ? path : `${path}?${query}`,
        headers,
        signal,
        timeout: idleMs,
      });
      sent.once('response', answer.resolve);
      sent.on('error', answer.reject);
      sent.on('timeout', () => sent.destroy(new Error(`no byte for ${idleMs / 1000} seconds`)));
      sendBody(sent, outgoing.body);
      return answer.promise;
    },
    close: () => agent.destroy(),
  };
}

/**
 * A large body waits for the server's word (RFC 9110, section 10.1.1): one that refuses the head
 * answers and hangs up, and that answer would be lost in the broken pipe of the body.
 */
function sendBody(sent: http.ClientRequest, body: Uint8Array = new Uint8Array()): void {
  if (body.byteLength <= eagerBytes) {
    sent.end(body);
    return;
  }
  // Nobody has to give the word; then it is sent all the same, and a word that comes late changes nothing.
  const timer = setTimeout(() => sent.end(body), continueMs);
  sent.once('continue', () => {
    clearTimeout(timer);
    if (!sent.writableEnded) sent.end(body);
  });
  sent.once('response', (response) => {
    clearTimeout(timer);
    // The connection is of no use for another request when this one was not sent to its end.
    if (!sent.writableEnded) response.once('end', () => sent.destroy());
  });
  sent.once('close', () => clearTimeout(timer));
  sent.flushHeaders();
}

/** Without a key, or with a path for a bucket, a request would be one about something else. */
function assertNames({ bucket, key }: Outgoing): void {
  if (!/^[a-z0-9][\w.-]{1,61}[a-z0-9]$/i.test(bucket)) {
    throw new Fault('objects-url-invalid', `'${bucket}' is not the name of a bucket`);
  }
  if (key === '') throw new RangeError('an object has a key');
}

function addressOf(settings: ObjectStoreSettings, endpoint: URL, { bucket, key }: Outgoing) {
  const { hostname, host } = endpoint;
  const inPath = settings.pathStyle;
  const path = `/${[...(inPath ? [encodeKey(bucket)] : []), ...(key === undefined ? [] : [encodeKey(key)])].join('/')}`;
  return inPath
    ? { hostname, host, path }
    : { hostname: `${bucket}.${hostname}`, host: `${bucket}.${host}`, path };
}

function signedHeaders(
  settings: ObjectStoreSettings,
  outgoing: Outgoing,
  { host, path, query }: { host: string; path: string; query: string },
  keys: SigningKeys,
  date: Date,
): Record<string, string> {
  const { accessKey, region } = settings;
  const body = outgoing.body ?? new Uint8Array();
  const token = settings.sessionToken();
  const headers = {
    ...outgoing.headers,
    host,
    'x-amz-content-sha256': outgoing.bodySha256 ?? sha256(body),
    ...(token === undefined ? {} : { 'x-amz-security-token': token }),
  };
  const signed = sign(
    { method: outgoing.method, path, query, headers },
    { accessKey, region, keys, date },
  );
  // Not signed: these two are between us and the next proxy.
  const hasBody = outgoing.method === 'PUT' || outgoing.method === 'POST';
  return {
    ...signed,
    ...(hasBody ? { 'content-length': String(body.byteLength) } : {}),
    ...(body.byteLength > eagerBytes ? { expect: '100-continue' } : {}),
  };
}
