import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Fault } from '../../core/fault.ts';
import type { Connection } from './connection.ts';
import { transportFault } from './faults.ts';
import type { LogOptions, LogStream, Refused } from './kube.ts';
import type { PodRef } from './object.ts';
import { podPath, refusal } from './pod.ts';
import { type HttpRequest, send } from './transport.ts';

/** See `Kube.logs`. */
export async function logs(
  connection: Connection,
  pod: PodRef,
  options: LogOptions,
  signal: AbortSignal,
): Promise<LogStream | Refused> {
  const request: HttpRequest = {
    method: 'GET',
    path: podPath(connection, pod, 'log'),
    query: { ...options },
    headers: { accept: '*/*' },
  };
  const explained = (error: unknown): Error => {
    const reason: unknown = signal.aborted ? signal.reason : error;
    if (reason instanceof Fault || (signal.aborted && reason instanceof Error)) return reason;
    return transportFault(connection.target, request, reason);
  };
  try {
    const { response } = await send(connection, request, signal);
    if (response.statusCode !== 200) return await refusal(connection, request, response, signal);
    const stream = new PassThrough();
    // The reader may come later than the error; unheard, it would end the process.
    stream.on('error', () => undefined);
    stream.once('close', () => response.destroy());
    finished(response).catch((error: unknown) => stream.destroy(explained(error)));
    response.pipe(stream);
    return { outcome: 'ok', stream };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw explained(error);
  }
}
