import type { IncomingMessage } from 'node:http';
import { objectOf, objectsOf, textOf } from '../../core/json.ts';
import type { ApiStatus } from './kube.ts';

const shownCharacters = 300;

/** The API's `Status`, or what stands for it when something else answered, such as a proxy's page. */
export function statusOf(code: number, body: unknown): ApiStatus {
  const status = objectOf(body);
  if (status?.kind !== 'Status') {
    const text = (textOf(body) ?? '').replaceAll(/\s+/g, ' ').trim();
    return { code, reason: '', message: text.slice(0, shownCharacters), causes: [] };
  }
  return {
    // An ERROR event of a watch comes with HTTP 200, so the object's own code counts.
    code: typeof status.code === 'number' ? status.code : code,
    reason: textOf(status.reason) ?? '',
    message: textOf(status.message) ?? '',
    causes: objectsOf(objectOf(status.details)?.causes).map(({ field, reason, message }) => ({
      field: textOf(field) ?? '',
      reason: textOf(reason) ?? '',
      message: textOf(message) ?? '',
    })),
  };
}

/** Hides values from what the server says: it quotes what it could not accept. */
export function concealed(status: ApiStatus, conceal: (text: string) => string): ApiStatus {
  return {
    ...status,
    message: conceal(status.message),
    causes: status.causes.map((cause) => ({ ...cause, message: conceal(cause.message) })),
  };
}

/** `299 - "text"` of each header (RFC 9111 section 5.5, RFC 9110 section 5.6.4). */
export function warningsOf(response: IncomingMessage): string[] {
  return (response.headersDistinct.warning ?? []).flatMap((header) =>
    [...header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
      (match[1] ?? '').replaceAll(/\\(.)/g, '$1'),
    ),
  );
}
