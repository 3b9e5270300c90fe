import { type Asking, ask } from './asking.ts';
import type { CorsDeclared } from './declared.ts';
import type { CorsAnswer, CorsSeen } from './seen.ts';

/** Asks as a browser does for a page of the origin: the preflight, then the request. */
export async function askCors(
  { path, method = 'GET', origin, allowed, credentials }: CorsDeclared,
  asking: Asking,
): Promise<CorsSeen> {
  const answerTo = async (request: CorsAnswer['request']): Promise<CorsAnswer> => {
    const { status, headers, error } = await ask(asking, {
      path,
      ...(request === 'preflight'
        ? { method: 'OPTIONS', headers: { origin, 'access-control-request-method': method } }
        : { method, headers: { origin } }),
    });
    const allowOrigin = headers['access-control-allow-origin'] ?? null;
    const allowCredentials = headers['access-control-allow-credentials'] ?? null;
    return { request, status, allowOrigin, allowCredentials, error };
  };
  const answers = [await answerTo('preflight'), await answerTo('request')];
  return { origin, allowed, credentials: credentials ?? null, answers };
}
