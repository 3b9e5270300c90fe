import { setTimeout as delay } from 'node:timers/promises';
import { json, type Route } from './http.ts';
import type { Shop } from './shop.ts';

/** Liveness looks at the process only: a restart does not repair a database. */
export const healthz = (): Route => ({
  method: 'GET',
  path: '/healthz',
  handle: async () => json(200, { status: 'ok' }),
});

export const readyz = ({ pool, invoices }: Shop, isStopping: () => boolean): Route => ({
  method: 'GET',
  path: '/readyz',
  handle: async () => {
    const [database, bucket] = await Promise.all([
      stateOf(pool.query('select 1').then(() => true)),
      stateOf(invoices.isReachable()),
    ]);
    const ready = database === 'up' && bucket === 'up' && !isStopping();
    return json(ready ? 200 : 503, { ready, stopping: isStopping(), database, bucket });
  },
});

/** Shorter than the timeout of the probe, so that the probe still sees which one is down. */
const checkTimeoutMs = 1_500;

async function stateOf(check: Promise<boolean>): Promise<'up' | 'down'> {
  const reachable = check.catch(() => false);
  const timeout = delay(checkTimeoutMs, false, { ref: false });
  return (await Promise.race([reachable, timeout])) ? 'up' : 'down';
}
