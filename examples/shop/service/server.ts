import { createServer, type IncomingMessage, type Server } from 'node:http';
import { HttpError, problem, type Reply, type Route, readJson } from './http.ts';
import { logError, logInfo } from './log.ts';
import type { Metrics } from './metrics.ts';
import { findRoute } from './router.ts';

interface Answer {
  readonly route: string;
  readonly reply: Reply;
}

export function createShopServer(
  routes: readonly Route[],
  metrics: Metrics,
  isStopping: () => boolean,
): Server {
  const limits = { requestTimeout: 15_000, headersTimeout: 5_000, keepAliveTimeout: 30_000 };
  return createServer(limits, async (message, response) => {
    const started = performance.now();
    const { route, reply } = await answer(routes, message);
    if (isStopping()) response.setHeader('connection', 'close');
    response.writeHead(reply.status, {
      ...reply.headers,
      'content-length': Buffer.byteLength(reply.body),
    });
    response.end(reply.body);
    const seconds = (performance.now() - started) / 1000;
    const method = message.method ?? '';
    metrics.observe(method, route, reply.status, seconds);
    logInfo('request', { method, route, status: reply.status, seconds });
  });
}

async function answer(routes: readonly Route[], message: IncomingMessage): Promise<Answer> {
  let route = 'none';
  try {
    const url = new URL(message.url ?? '/', 'http://shop');
    const match = findRoute(routes, message.method ?? '', url.pathname);
    route = match.route.path;
    const reply = await match.route.handle({
      params: match.params,
      query: url.searchParams,
      headers: message.headers,
      readJson: () => readJson(message),
    });
    return { route, reply };
  } catch (error) {
    if (error instanceof HttpError) {
      return { route, reply: problem(error.status, error.message, error.headers) };
    }
    logError('request failed', error, { route });
    return { route, reply: problem(500, 'the request could not be served') };
  }
}
