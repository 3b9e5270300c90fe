import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { Fault } from '../../core/fault.ts';
import type { Connection } from './connection.ts';
import { failed, transportFault } from './faults.ts';
import type { Refused } from './kube.ts';
import type { PodRef } from './object.ts';
import { podPath, refusal } from './pod.ts';
import { chunks, type HttpRequest, type Query, send } from './transport.ts';
import { encodeFrame, frames, opcodes } from './websocket-frames.ts';

/** A message of the `channel.k8s.io` protocols: its first byte says which stream it belongs to. */
export interface Message {
  readonly channel: number;
  readonly data: Buffer;
}

/** Streams side by side on one connection to a pod. */
export interface Channels {
  readonly outcome: 'ok';
  readonly protocol: string;
  /** Ends when the server closes; leaving it ends the connection. @throws Fault `cluster-unreachable` when it breaks; the signal's reason */
  messages(): AsyncGenerator<Message>;
  /** Resolves when there is room for more. Rejects when the connection is gone. */
  send(channel: number, data: Uint8Array): Promise<void>;
}

/** RFC 6455 section 1.3. */
const acceptKey = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** A connection may be silent for as long as a timer can wait (about 24 days); callers have deadlines. */
const longestMs = 2 ** 31 - 1;
/** A message may come in several frames. */
const maxMessageBytes = 16 * 1024 * 1024;

/**
 * Opens a WebSocket to a pod's subresource. The client library's own cannot be stopped before it is
 * open, hides why the server said no, and neither waits for a slow reader nor bounds what it holds.
 */
export async function openChannels(
  connection: Connection,
  pod: PodRef,
  subresource: 'exec' | 'portforward',
  options: { readonly query: Query; readonly protocols: readonly string[] },
  signal: AbortSignal,
): Promise<Channels | Refused> {
  const key = randomBytes(16).toString('base64');
  const request: HttpRequest = {
    method: 'GET',
    path: podPath(connection, pod, subresource),
    query: options.query,
    headers: {
      // A kubelet offers no representation of a stream, and refuses to be asked for JSON.
      accept: '*/*',
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
      'sec-websocket-protocol': options.protocols.join(', '),
    },
  };
  try {
    const { response, socket } = await send(connection, request, signal);
    if (socket === undefined) return await refusal(connection, request, response, signal);
    const expected = createHash('sha1').update(`${key}${acceptKey}`).digest('base64');
    const protocol = response.headers['sec-websocket-protocol'] ?? '';
    if (
      response.headers['sec-websocket-accept'] !== expected ||
      !options.protocols.includes(protocol)
    ) {
      socket.destroy();
      throw failed(connection.target, request, 'opened another protocol than was asked for');
    }
    return channelsOf(socket, protocol, signal, (error) =>
      transportFault(connection.target, request, error),
    );
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof Fault ? error : transportFault(connection.target, request, error);
  }
}

function channelsOf(
  socket: Duplex,
  protocol: string,
  signal: AbortSignal,
  explained: (error: unknown) => Fault,
): Channels {
  const write = async (opcode: number, payload: Uint8Array): Promise<void> => {
    if (socket.destroyed) throw explained(broken());
    if (socket.write(encodeFrame(opcode, payload))) return;
    await once(socket, 'drain', { signal: closing.signal }).catch(() => {
      throw signal.aborted ? signal.reason : explained(broken());
    });
  };
  const closing = new AbortController();
  socket.once('close', () => closing.abort());

  return {
    outcome: 'ok',
    protocol,
    async *messages() {
      let parts: Buffer[] = [];
      try {
        for await (const frame of frames(chunks(socket, longestMs, signal))) {
          if (frame.opcode === opcodes.close) return;
          if (frame.opcode === opcodes.ping) await write(opcodes.pong, frame.payload);
          if (frame.opcode >= opcodes.close) continue;
          parts.push(frame.payload);
          if (parts.reduce((sum, { length }) => sum + length, 0) > maxMessageBytes) {
            throw new Error('the server sent a message over 16 MiB');
          }
          if (!frame.final) continue;
          const whole = Buffer.concat(parts);
          parts = [];
          const [channel] = whole;
          if (channel !== undefined) yield { channel, data: whole.subarray(1) };
        }
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw error instanceof Fault ? error : explained(error);
      }
      throw explained(broken());
    },
    send: (channel, data) => write(opcodes.binary, Buffer.concat([Buffer.from([channel]), data])),
  };
}

const broken = (): Error => Object.assign(new Error('closed'), { code: 'ECONNRESET' });
