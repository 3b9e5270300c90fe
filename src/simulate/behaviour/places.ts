import type { HttpAnswer } from '../../core/ask-http.ts';
import { isRecord } from '../../validators/manifest/read.ts';
import { type Asking, ask, bearer } from './asking.ts';

/** What `{name}` stands for. */
export type Values = ReadonlyMap<string, unknown>;

const place = /\{([A-Za-z_]\w*)\}/g;

/** A path with the values in its places, encoded as parts of a URL (RFC 3986 section 2.1). */
function filledPath(path: string, values: Values): string {
  return path.replaceAll(place, (whole, name: string) =>
    values.has(name) ? encodeURIComponent(String(values.get(name)).toWellFormed()) : whole,
  );
}

/** JSON with the values in its strings; a string that is nothing but a place becomes the value itself. */
export function filled(value: unknown, values: Values): unknown {
  if (typeof value === 'string') {
    const [, alone] = /^\{([A-Za-z_]\w*)\}$/.exec(value) ?? [];
    if (alone !== undefined && values.has(alone)) return values.get(alone);
    return value.replaceAll(place, (whole, name: string) =>
      values.has(name) ? String(values.get(name)) : whole,
    );
  }
  if (Array.isArray(value)) return value.map((part) => filled(part, values));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, filled(part, values)]),
  );
}

interface FilledRequest {
  readonly path: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly token?: string | undefined;
}

/** Asks with the values in the places of path, headers and body. */
export function askFilled(
  asking: Asking,
  { path, method, headers = {}, body, token }: FilledRequest,
  values: Values,
): Promise<HttpAnswer> {
  return ask(asking, {
    ...{ path: filledPath(path, values), method },
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...bearer(token),
      ...Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, String(filled(value, values))]),
      ),
    },
    body: body === undefined ? undefined : JSON.stringify(filled(body, values)),
  });
}
