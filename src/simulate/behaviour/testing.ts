import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Asking, Reach } from './asking.ts';

export interface Served extends AsyncDisposable, Asking {
  /** Method and path of every request, in order. */
  readonly asked: readonly string[];
}

/** A server on the loopback interface, and how to ask it. */
export async function served(listener: RequestListener): Promise<Served> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    return listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ origin: `http://127.0.0.1:${port}`, timeoutMs: 5000, asked },
    signal: new AbortController().signal,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A service whose pods are replaced by whatever `restart` does. */
export function steadyReach(
  asking: Asking,
  restart = async (): Promise<string | null> => null,
): Reach {
  return { pod: () => 'shop-1', asking: () => asking, restart };
}

export const bodyOf = (request: IncomingMessage): Promise<string> => text(request);
