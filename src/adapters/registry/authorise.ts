import { Fault } from '../../core/fault.ts';
import { fieldOf, parseObject, textOf } from '../../core/json.ts';
import type { Redactor } from '../../core/redact.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import type { CredentialSearch, Credentials } from './credentials.ts';
import { type Http, readBody } from './http.ts';
import { permittedUrl } from './origin.ts';
import { discard, type HttpAnswer, type HttpRequest } from './transport.ts';

/** Bytes of a token server's answer; tokens of a few KiB are common. */
const maxToken = 64 * 1024;

export interface AuthoriseContext {
  readonly http: Http;
  readonly redact: Redactor;
  readonly insecure: readonly string[];
  readonly scope: string;
  readonly search: CredentialSearch;
}

/**
 * The Authorization header that a refused request is repeated with; undefined when there is none to
 * give. https://distribution.github.io/distribution/spec/auth/token/
 * @throws Fault `registry-denied` when the token server refuses, `registry-failed`
 */
export async function authorise(
  refused: HttpAnswer,
  context: AuthoriseContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  const challenges = parseChallenges(refused.headers.get('www-authenticate') ?? '');
  const { found } = context.search;
  if (found) register(found, context.redact);
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  if (bearer) return `Bearer ${await fetchToken(refused, bearer, context, signal)}`;
  const isBasic = challenges.some(({ scheme }) => scheme === 'basic');
  return isBasic && found && 'password' in found ? basic(found) : undefined;
}

function register(found: Credentials, redact: Redactor): void {
  if ('password' in found) {
    redact.register(found.password);
    redact.register(basic(found).slice('Basic '.length));
  } else redact.register(found.identityToken);
}

function basic({ username, password }: Extract<Credentials, { password: string }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

async function fetchToken(
  refused: HttpAnswer,
  { parameters }: Challenge,
  context: AuthoriseContext,
  signal: AbortSignal,
): Promise<string> {
  const { http, redact, search } = context;
  const registry = refused.url;
  const realm = parameters.realm && permittedUrl(parameters.realm, registry, context.insecure);
  if (!realm) {
    throw new Fault('registry-failed', `${registry.host} names no place to get a token from`);
  }
  const answer = await http(tokenRequest(realm, parameters, context), signal);
  if (!answer.ok) {
    discard(answer);
    const isDenied = [400, 401, 403].includes(answer.status);
    throw new Fault(
      isDenied ? 'registry-denied' : 'registry-failed',
      isDenied
        ? `${realm.host} gives no token for ${registry.host} (${answer.status}); credentials were looked for in ${search.where}`
        : `${realm.host}, where ${registry.host} sends for a token, answers ${answer.status}`,
    );
  }
  const body = parseObject(Buffer.from(await readBody(answer, maxToken, signal)).toString());
  const token = textOf(fieldOf(body, 'token')) || textOf(fieldOf(body, 'access_token'));
  if (!token || !/^[\x21-\x7e]+$/.test(token)) {
    throw new Fault('registry-failed', `${realm.host} answers without a token`);
  }
  redact.register(token);
  return token;
}

function tokenRequest(
  realm: URL,
  parameters: Challenge['parameters'],
  { scope: ownScope, search }: AuthoriseContext,
): HttpRequest {
  const { service, scope = ownScope } = parameters;
  const asked = { ...(service !== undefined && { service }), scope };
  const { found } = search;
  if (found && 'identityToken' in found) {
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'deploycheck',
      refresh_token: found.identityToken,
      ...asked,
    });
    return { url: realm, method: 'POST', body };
  }
  const url = new URL(realm);
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return { url, ...(found && { headers: { authorization: basic(found) } }) };
}
