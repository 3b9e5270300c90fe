import { canonicalDigest } from '../core/canonical.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { Target } from '../core/target.ts';
import { askCors } from './behaviour/cors.ts';
import type { CorsDeclared, HeadersDeclared } from './behaviour/declared.ts';
import { askHeaders } from './behaviour/headers.ts';
import type { CorsSeen, HeadersSeen } from './behaviour/seen.ts';
import { probeUrl, type UrlAnswer, type UrlProbe } from './health.ts';

/** What one URL answered. */
export interface EndpointSeen extends Target, UrlAnswer {
  readonly kind: 'service';
  readonly expectedStatus: number;
  readonly expectedBody: string | null;
  /** Null when no header is asked for, or there was no answer. */
  readonly headers: HeadersSeen | null;
  readonly cors: readonly CorsSeen[];
}

export interface EndpointProbe extends UrlProbe {
  readonly status: number;
  readonly headers?: Omit<HeadersDeclared, 'path'> | undefined;
  readonly cors?: readonly Omit<CorsDeclared, 'path'>[] | undefined;
}

/**
 * Asks a URL: once for its answer, then for what else is to be seen of it.
 * @throws Fault `usage-invalid` for what is no http or https URL
 */
export async function lookAtEndpoint(
  { headers, cors = [], ...probe }: EndpointProbe,
  { signal, clock }: { readonly signal: AbortSignal; readonly clock: Clock },
): Promise<EndpointSeen> {
  const url = URL.parse(probe.url);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Fault('usage-invalid', `'${probe.url}' is no http or https URL`);
  }
  const answer = await probeUrl(probe, { signal, now: clock.now() });
  // The whole address stands in for a path: it may hold a name and a password.
  const path = url.href;
  const asking = { origin: '', timeoutMs: probe.timeoutMs, signal };
  const answers = answer.status !== null;
  const corsSeen: CorsSeen[] = [];
  for (const entry of answers ? cors : []) {
    corsSeen.push(await askCors({ ...entry, path }, asking));
  }
  const shown = `${url.origin}${url.pathname}`;
  const body = {
    ...({ kind: 'service', name: shown, source: shown } as const),
    ...{ expectedStatus: probe.status, expectedBody: probe.body ?? null },
    ...answer,
    headers: answers && headers ? await askHeaders({ ...headers, path }, asking) : null,
    cors: corsSeen,
  };
  return { ...body, digest: canonicalDigest(body) };
}
