import { Fault } from '../../core/fault.ts';
import { fieldOf, objectsOf, parseObject, textOf } from '../../core/json.ts';
import type { Redactor } from '../../core/redact.ts';
import { authorise } from './authorise.ts';
import type { CredentialSearch, FindCredentials } from './credentials.ts';
import { createHttp, readBody } from './http.ts';
import { originOf } from './origin.ts';
import type { RegistryOptions, Repository } from './registry.ts';
import { discard, type HttpAnswer } from './transport.ts';

export interface ClientContext extends RegistryOptions {
  readonly credentials: FindCredentials;
  /** Learns every password and token that is met. */
  readonly redact: Redactor;
}

export interface Asked {
  /** Below `/v2/`, or from the root when it starts with a slash. */
  readonly path: string;
  readonly method?: 'GET' | 'HEAD';
  readonly accept?: string;
}

/** An answer of status 200 to 299; undefined for what the registry does not have. */
export type Client = (
  repository: Repository,
  asked: Asked,
  signal: AbortSignal,
) => Promise<HttpAnswer | undefined>;

/** Bytes of an error's text that are read. */
const maxError = 64 * 1024;

export function createClient({ credentials, redact, insecure = [] }: ClientContext): Client {
  const http = createHttp(insecure);
  /** Authorization headers that were good last time. */
  const granted = new Map<string, string>();
  const known = new Set<string>();

  /** What is absent from a server that is no registry is not absent from the registry. */
  const requireRegistry = async (origin: string, signal: AbortSignal): Promise<void> => {
    if (known.has(origin)) return;
    const answer = await http({ url: new URL('/v2/', origin) }, signal);
    discard(answer);
    if (!answer.ok && answer.status !== 401 && answer.status !== 403) {
      const host = new URL(origin).host;
      throw new Fault(
        'registry-failed',
        `${host} is no registry: it answers ${answer.status} to /v2/`,
      );
    }
    known.add(origin);
  };

  return async (repository, { path, method = 'GET', accept }, signal) => {
    const origin = originOf(repository.registry, insecure);
    const url = new URL(path.startsWith('/') ? path : `/v2/${path}`, origin);
    const key = `${origin} ${repository.repository}`;
    let search: CredentialSearch | undefined;
    const send = () => {
      const authorization = granted.get(key);
      const headers = { ...(accept && { accept }), ...(authorization && { authorization }) };
      return http({ url, method, headers }, signal);
    };
    let answer = await send();
    if (answer.status === 401) {
      discard(answer);
      granted.delete(key);
      search = await credentials(repository.registry, signal);
      const scope = `repository:${repository.repository}:pull`;
      const header = await authorise(answer, { http, redact, insecure, scope, search }, signal);
      if (header !== undefined) {
        granted.set(key, header);
        answer = await send();
      }
    }
    if (answer.ok) return answer;
    if (answer.status === 401) granted.delete(key);
    const said = redact(await messageIn(answer, signal));
    if (answer.status === 404) {
      await requireRegistry(origin, signal);
      return undefined;
    }
    throw refusal(url.host, repository, answer.status, said, search);
  };
}

function refusal(
  host: string,
  { repository }: Repository,
  status: number,
  said: string,
  search: CredentialSearch | undefined,
): Fault {
  if (status !== 401 && status !== 403) {
    return new Fault('registry-failed', `${host} answers ${status} for ${repository}${said}`);
  }
  const where = search ? `; credentials were looked for in ${search.where}` : '';
  const none = search && !search.found ? ', which has none for it' : '';
  return new Fault(
    'registry-denied',
    `${host} refuses ${repository} (${status})${said}${where}${none}`,
  );
}

/** The first error in the body, as https://github.com/opencontainers/distribution-spec has them. */
async function messageIn(answer: HttpAnswer, signal: AbortSignal): Promise<string> {
  const type = answer.headers.get('content-type') ?? '';
  if (answer.status === 404 || !type.includes('json')) {
    discard(answer);
    return '';
  }
  const text = Buffer.from(await readBody(answer, maxError, signal)).toString();
  const [error] = objectsOf(fieldOf(parseObject(text), 'errors'));
  const message = textOf(fieldOf(error, 'message')) || textOf(fieldOf(error, 'code'));
  return message ? `: ${message.replace(/\s+/g, ' ').slice(0, 200)}` : '';
}
