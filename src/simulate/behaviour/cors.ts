import { askHttp } from '../http.ts';
import type { Asking } from './asking.ts';
import type { CorsDeclared } from './declared.ts';
import type { CorsAnswer, CorsSeen } from './seen.ts';

/** Asks as a browser does for a page of the origin: the preflight, then the request. */
export async function askCors(
  { path, method = 'GET', origin, allowed, credentials }: CorsDeclared,
  asking: Asking,
): Promise<CorsSeen> {
  const ask = async (request: CorsAnswer['request']): Promise<CorsAnswer> => {
    const { status, headers, error } = await askHttp(
      {
        ...{ url: asking.origin + path, timeoutMs: asking.timeoutMs },
        ...(request === 'preflight'
          ? { method: 'OPTIONS', headers: { origin, 'access-control-request-method': method } }
          : { method, headers: { origin } }),
      },
      asking.signal,
    );
    const allowOrigin = headers['access-control-allow-origin'] ?? null;
    const allowCredentials = headers['access-control-allow-credentials'] ?? null;
    return { request, status, allowOrigin, allowCredentials, error };
  };
  const answers = [await ask('preflight'), await ask('request')];
  return { origin, allowed, credentials: credentials ?? null, answers };
}
