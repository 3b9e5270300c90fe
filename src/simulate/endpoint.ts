import { canonicalDigest } from '../core/canonical.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { Target } from '../core/target.ts';
import { probeUrl, type UrlAnswer, type UrlProbe } from './health.ts';

/** What one URL answered. */
export interface EndpointSeen extends Target, UrlAnswer {
  readonly kind: 'service';
  readonly expectedStatus: number;
  readonly expectedBody: string | null;
}

/**
 * Asks a URL once.
 * @throws Fault `usage-invalid` for what is no http or https URL
 */
export async function lookAtEndpoint(
  probe: UrlProbe & { readonly status: number },
  { signal, clock }: { readonly signal: AbortSignal; readonly clock: Clock },
): Promise<EndpointSeen> {
  const url = URL.parse(probe.url);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Fault('usage-invalid', `'${probe.url}' is no http or https URL`);
  }
  const answer = await probeUrl(probe, { signal, now: clock.now() });
  const shown = `${url.origin}${url.pathname}`;
  const body = {
    ...({ kind: 'service', name: shown, source: shown } as const),
    ...{ expectedStatus: probe.status, expectedBody: probe.body ?? null },
    ...answer,
  };
  return { ...body, digest: canonicalDigest(body) };
}
