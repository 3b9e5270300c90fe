import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { vi } from 'vitest';

/** A TCP proxy on 127.0.0.1 that counts and cuts connections. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections open now, on the side of the client. */
  open(): number;
  /** Connections accepted so far. */
  accepted(): number;
  /** Bytes of the client that were swallowed since {@link hold}. */
  held(): number;
  /** Bytes of the server that were taken off it; it waits when the client does. */
  passed(): number;
  /** Breaks every connection: with a reset, or as if the server had ended it. */
  cut(how?: 'reset' | 'end'): void;
  /** What either side sends from now on goes nowhere. */
  hold(): void;
  /** New connections are refused, and those there are broken. */
  refuse(): Promise<void>;
  /** Passes everything again, on the same port. */
  heal(): Promise<void>;
  until(condition: () => boolean): Promise<void>;
}

export async function tcpProxy(host: string, port: number): Promise<TcpProxy> {
  const clients = new Set<Socket>();
  let accepted = 0;
  let held = 0;
  let passed = 0;
  let holding = false;
  const server = createServer((client) => {
    accepted++;
    clients.add(client);
    const upstream = connect(port, host);
    client.on('error', () => undefined);
    upstream.on('error', () => undefined);
    client.on('data', (data) => {
      if (holding) held += data.length;
      else upstream.write(data);
    });
    upstream.on('data', (data) => {
      passed += data.length;
      if (!holding && !client.write(data)) upstream.pause();
    });
    client.on('drain', () => upstream.resume());
    client.once('close', () => {
      clients.delete(client);
      upstream.destroy();
    });
    upstream.once('close', () => client.destroy());
  });
  const listen = async (on: number) => {
    server.listen(on, '127.0.0.1');
    await once(server, 'listening');
  };
  const cut = (how = 'reset') => {
    for (const client of clients) {
      if (how === 'reset') client.resetAndDestroy();
      else client.destroy();
    }
  };
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const refuse = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  };
  return {
    port: address.port,
    open: () => clients.size,
    accepted: () => accepted,
    held: () => held,
    passed: () => passed,
    cut,
    hold() {
      held = 0;
      holding = true;
    },
    refuse,
    async heal() {
      holding = false;
      if (!server.listening) await listen(address.port);
    },
    async until(condition) {
      await vi.waitUntil(condition, { timeout: 30_000, interval: 5 });
    },
    [Symbol.asyncDispose]: refuse,
  };
}
