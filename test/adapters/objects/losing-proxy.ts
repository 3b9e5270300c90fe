import { once } from 'node:events';
import { createServer, request } from 'node:http';

export interface LosingProxy extends AsyncDisposable {
  /** As the server's own address, with the port of the proxy. */
  readonly url: string;
  /** Answers lost so far. */
  lost(): number;
  /** One more is lost from now on. */
  again(): void;
}

/**
 * The first request that fits is carried out for real, and its answer is lost on the way.
 * @param url `http://KEY:SECRET@host:port`
 */
export async function losingProxy(url: string, which: RegExp): Promise<LosingProxy> {
  const { hostname, port } = new URL(url);
  let lost = 0;
  let toLose = 1;
  const server = createServer((incoming, response) => {
    const { method, url: path, headers } = incoming;
    const loses = which.test(`${method} ${path}`) && toLose-- > 0;
    const onward = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      if (loses) {
        lost++;
        answer.resume().once('end', () => response.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const own = new URL(url);
  own.port = String(typeof address === 'object' && address ? address.port : 0);
  return {
    url: own.href,
    lost: () => lost,
    again() {
      toLose = 1;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const s3Error = (code: string, region?: string): string =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>made up</Message>${
    region === undefined ? '' : `<Region>${region}</Region>`
  }</Error>`;
