import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { messageOf } from '../../core/fault.ts';
import { type Channels, openChannels } from './channels.ts';
import type { Connection } from './connection.ts';
import type { Forward } from './kube.ts';
import type { PodRef } from './object.ts';

/** The port-forward protocol over WebSocket has two streams a port (kubelet, portforward/websocket.go). */
const channels = { data: 0, error: 1 } as const;
const protocols = ['v4.channel.k8s.io'];
/** Each stream begins with the port's number, little-endian. */
const portBytes = 2;
/** How long the pod may be silent after the local side has ended. */
const lingerMs = 10_000;

/** See `Kube.forward`. */
export async function forward(
  connection: Connection,
  pod: PodRef,
  port: number,
  signal: AbortSignal,
): Promise<Forward> {
  signal.throwIfAborted();
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  const locals = new Set<Promise<void>>();
  let problem: string | undefined;

  const server = createServer({ allowHalfOpen: true }, (local) => {
    local.on('error', () => undefined);
    const carried = carry(connection, pod, port, local, either)
      .catch((error: unknown) => {
        if (!either.aborted) problem = messageOf(error);
      })
      .finally(() => {
        local.destroy();
        locals.delete(carried);
      });
    locals.add(carried);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const closed = once(server, 'close');
  either.addEventListener('abort', () => server.close(), { once: true });
  if (either.aborted) server.close();
  signal.throwIfAborted();
  const { port: localPort } = addressOf(server.address());
  return {
    port: localPort,
    problem: () => problem,
    async close() {
      ending.abort();
      await closed;
      await Promise.all(locals);
    },
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the listener has no port');
  return address;
}

/** One connection, until either side ends it. @throws Fault, or an Error with what the pod's side says */
async function carry(
  connection: Connection,
  pod: PodRef,
  port: number,
  local: Socket,
  signal: AbortSignal,
): Promise<void> {
  // Also when the local side leaves while the connection to the pod is being made.
  const leaving = new AbortController();
  const left = () => leaving.abort();
  local.once('close', left);
  const either = AbortSignal.any([signal, leaving.signal]);
  try {
    const answer = await openChannels(
      connection,
      pod,
      'portforward',
      { query: { ports: port }, protocols },
      either,
    );
    if (answer.outcome === 'refused') throw new Error(answer.status.message);
    // When the pod's side is gone, receiving says so.
    sendAll(local, answer).catch(() => undefined);
    await receiveAll(local, answer);
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
  }
}

async function sendAll(local: Socket, opened: Channels): Promise<void> {
  // The other direction goes on when this one ends.
  for await (const data of local.iterator({ destroyOnReturn: false })) {
    await opened.send(channels.data, data);
  }
}

async function receiveAll(local: Socket, opened: Channels): Promise<void> {
  const begun = new Set<number>();
  let lingering: NodeJS.Timeout | undefined;
  local.once('end', () => {
    lingering = setTimeout(() => local.destroy(), lingerMs);
  });
  try {
    for await (const { channel, data } of opened.messages()) {
      lingering?.refresh();
      const content = begun.has(channel) ? data : data.subarray(portBytes);
      begun.add(channel);
      if (content.length === 0) continue;
      if (channel === channels.error) throw new Error(content.toString('utf8').trim());
      if (!local.write(content)) await Promise.race([once(local, 'drain'), once(local, 'close')]);
    }
    local.end();
    if (!local.writableFinished) await Promise.race([once(local, 'finish'), once(local, 'close')]);
  } finally {
    clearTimeout(lingering);
  }
}
