import type { Variables } from './bed.ts';
import { proxy } from './toxiproxy.ts';

/**
 * An address of the bed as its pods reach it. The bed's own cluster has no way out but through a proxy at
 * the host's end of its link; one of somebody's own has to reach what they named.
 * @param stack ends the proxy
 */
export async function forPods(
  bed: Variables,
  stack: AsyncDisposableStack,
  url: string,
): Promise<URL> {
  const inside = new URL(url);
  const host = hostAddress(bed);
  if (host === undefined) return inside;
  const way = await proxy(
    bed('DEPLOYCHECK_TEST_TOXIPROXY'),
    inside.host,
    bed('DEPLOYCHECK_TEST_FREE_PORTS'),
    host,
  );
  inside.host = `${host}:${stack.use(way).port}`;
  return inside;
}

function hostAddress(bed: Variables): string | undefined {
  try {
    return bed('DEPLOYCHECK_TEST_HOST_ADDRESS');
  } catch {
    return undefined;
  }
}
