import type { IncomingMessage } from 'node:http';
import type { Connection } from './connection.ts';
import { statusFault } from './faults.ts';
import type { Refused } from './kube.ts';
import type { PodRef } from './object.ts';
import { jsonOf, textOf } from './request.ts';
import { statusOf, warningsOf } from './status.ts';
import type { HttpRequest } from './transport.ts';

export function podPath({ target }: Connection, pod: PodRef, subresource: string): string {
  const namespace = encodeURIComponent(pod.namespace ?? target.namespace);
  return `/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(pod.name)}/${subresource}`;
}

/**
 * The answer instead of a stream: 400 and 404 are about the pod, the rest is a Fault. Not repeated: the
 * caller waits for the pod anyway, and knows for how long.
 */
export async function refusal(
  connection: Connection,
  request: HttpRequest,
  response: IncomingMessage,
  signal: AbortSignal,
): Promise<Refused> {
  const code = response.statusCode ?? 0;
  const text = await textOf(response, signal);
  const status = statusOf(code, jsonOf(text ?? '') ?? text);
  if (code === 401) connection.renew();
  if (![400, 404, 409, 422].includes(code)) throw statusFault(connection.target, request, status);
  return { outcome: 'refused', status, warnings: warningsOf(response) };
}
