import { once } from 'node:events';
import type { Server } from 'node:http';
import type { ServerSettings } from './config.ts';
import { openPool } from './database.ts';
import { healthz, readyz } from './health.ts';
import type { Route } from './http.ts';
import { invoiceStore } from './invoices.ts';
import { logInfo } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { orderStore } from './orders.ts';
import { createShopServer } from './server.ts';
import type { Release, Shop } from './shop.ts';

/** Less than what Kubernetes grants after its preStop pause, so that the end is ours. */
const graceMs = 10_000;

/** Serves until SIGTERM or SIGINT, then lets running requests finish. */
export async function serve(release: Release, settings: ServerSettings): Promise<void> {
  const pool = openPool(settings.DATABASE_URL);
  const orders = orderStore(pool, release.columns);
  const shop: Shop = { pool, orders, invoices: invoiceStore(settings) };
  const metrics = createMetrics(pool, release.version);
  let stopping = false;
  const isStopping = () => stopping;
  const routes = [
    healthz(),
    readyz(shop, isStopping),
    metricsRoute(metrics),
    ...release.routes(shop),
  ];
  const server = createShopServer(routes, metrics, isStopping);
  server.listen(settings.PORT);
  await once(server, 'listening');
  logInfo('listening', { version: release.version, address: server.address() });

  const signal = await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  stopping = true;
  logInfo('stopping', { signal: signal[0] });
  await close(server);
  await pool.end();
  logInfo('stopped');
}

const metricsRoute = (metrics: Metrics): Route => ({
  method: 'GET',
  path: '/metrics',
  handle: async () => ({
    status: 200,
    headers: { 'content-type': 'text/plain; version=0.0.4' },
    body: metrics.render(),
  }),
});

/** Refuses new connections, waits for the requests in flight, cuts those that take too long. */
async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  server.close();
  await closed;
  clearTimeout(cut);
}
