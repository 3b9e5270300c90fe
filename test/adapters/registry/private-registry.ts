import { spawn } from 'node:child_process';
import { randomUUID, sign, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers } from '../../../scripts/testbed/http.ts';
import { poll } from '../../../scripts/testbed/processes.ts';
import { run } from '../../../scripts/testbed/sandbox.ts';
import { pushTestImage } from '../../systems/images.ts';

export interface PrivateRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** Of the image `private/web:1` in it. */
  readonly digest: string;
}

export const username = 'ann';
export const password = 'a password of the tests';
/** bcrypt of {@link password}: a fixed one, since neither Node nor a Debian base has a tool for it. */
const hash = '$2b$04$abcdefghijklmnopqrstuuzzjWYX9ziq/z9PGEfqaY.69BPe06tMC';

export const repository = 'private/web';

/** The reference registry, asking for a name and a password. */
export async function basicRegistry(): Promise<PrivateRegistry> {
  return privateRegistry(async (folder) => {
    const path = join(folder, 'htpasswd');
    await writeFile(path, `${username}:${hash}\n`);
    return { htpasswd: { realm: 'tests', path } };
  });
}

/** The reference registry, asking for a token that {@link tokenServer} gives. */
export async function tokenRegistry(tokens: TokenServer): Promise<PrivateRegistry> {
  const { realm, service, issuer, certificate: rootcertbundle } = tokens;
  return privateRegistry(async () => ({ token: { realm, service, issuer, rootcertbundle } }));
}

async function privateRegistry(
  access: (folder: string) => Promise<Record<string, unknown>>,
): Promise<PrivateRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-registry-'));
  const open = await startRegistry(folder, {});
  const digest = await pushTestImage(open.address, repository, '1');
  await open[Symbol.asyncDispose]();
  const server = await startRegistry(folder, { auth: await access(folder) });
  return {
    address: server.address,
    digest,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startRegistry(
  folder: string,
  more: Readonly<Record<string, unknown>>,
): Promise<AsyncDisposable & { readonly address: string }> {
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'registry.json');
  const settings = {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: address, secret: 'tests' },
    ...more,
  };
  await writeFile(config, JSON.stringify(settings));
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const expected = 'auth' in more ? 401 : 200;
  const ready = await poll(20, async () =>
    child.exitCode === null && (await answers(`http://${address}/v2/`, expected))
      ? true
      : undefined,
  );
  if (!ready) throw new Error('docker-registry did not start');
  return {
    address,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const listening = server.address();
  server.close();
  if (listening === null || typeof listening === 'string') throw new Error('no port');
  return listening.port;
}

export interface TokenServer extends AsyncDisposable {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** File of the certificate that tokens are verified with. */
  readonly certificate: string;
  /** Who asked, in order: a user, `anonymous`, or `identity token`. */
  readonly asked: readonly string[];
  readonly scopes: readonly (string | null)[];
  /** The tokens given. */
  readonly given: readonly string[];
  /** What the next requests are answered with instead. */
  answer: ((answer: ServerResponse) => void) | undefined;
}

export const identityToken = 'an-identity-token-of-the-tests';

/** Gives tokens of https://distribution.github.io/distribution/spec/auth/jwt/ to who may have one. */
export async function tokenServer(): Promise<TokenServer> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-tokens-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const files = ['-keyout', key, '-out', certificate];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    ...files,
    '-subj',
    '/CN=tests',
    '-days',
    '2',
  ]);
  const signing = {
    key: await readFile(key, 'utf8'),
    certificate: await readFile(certificate, 'utf8'),
  };
  const asked: string[] = [];
  const given: string[] = [];
  const scopes: (string | null)[] = [];

  const server = createServer(async (request, answer) => {
    if (tokens.answer) return tokens.answer(answer);
    const { who, scope, allowed } = await asking(request);
    asked.push(who);
    scopes.push(scope);
    if (!allowed) return answer.writeHead(401).end();
    const token = makeToken(who === 'anonymous' ? [] : [scope ?? ''], signing);
    given.push(token);
    const name = who === 'identity token' ? 'access_token' : 'token';
    return answer.end(JSON.stringify({ [name]: token, expires_in: 300 }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const listening = server.address();
  if (listening === null || typeof listening === 'string') throw new Error('no port');

  const tokens: TokenServer = {
    realm: `http://127.0.0.1:${listening.port}/token`,
    service,
    issuer,
    certificate,
    asked,
    scopes,
    given,
    answer: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await rm(folder, { recursive: true, force: true });
    },
  };
  return tokens;
}

const service = 'registry.tests';
const issuer = 'tokens.tests';

async function asking(request: IncomingMessage) {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (request.method === 'POST') {
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const isRight = form.get('refresh_token') === identityToken && form.get('service') === service;
    return { who: 'identity token', scope: form.get('scope'), allowed: isRight };
  }
  const [, encoded] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const scope = url.searchParams.get('scope');
  if (encoded === undefined) return { who: 'anonymous', scope, allowed: true };
  const isRight = Buffer.from(encoded, 'base64').toString() === `${username}:${password}`;
  return { who: username, scope, allowed: isRight && url.searchParams.get('service') === service };
}

function makeToken(
  scopes: readonly string[],
  { key, certificate }: { readonly key: string; readonly certificate: string },
): string {
  const now = Math.floor(Date.now() / 1000);
  const access = scopes.map((scope) => {
    const [type, name, actions = ''] = scope.split(':');
    return { type, name, actions: actions.split(',') };
  });
  const x5c = [new X509Certificate(certificate).raw.toString('base64')];
  const claims = {
    iss: issuer,
    sub: '',
    aud: service,
    nbf: now - 60,
    iat: now,
    exp: now + 300,
    jti: randomUUID(),
    access,
  };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ typ: 'JWT', alg: 'RS256', x5c })}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}
