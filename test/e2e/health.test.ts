import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, selfSigned } from './certificate.ts';
import { deploycheck } from './cli.ts';

const listener: RequestListener = (request, response) => {
  const path = request.url ?? '/';
  if (path === '/slow') return;
  const origin = request.headers.origin;
  if (path === '/open' && origin) response.setHeader('access-control-allow-origin', '*');
  if (path === '/safe') {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('x-frame-options', 'DENY');
    response.setHeader('strict-transport-security', 'max-age=31536000');
  }
  response.setHeader('content-type', 'application/json');
  response.writeHead(path === '/down' ? 503 : 200).end('{"ready":true,"database":"up"}');
};

let folder: string;
const stack = new AsyncDisposableStack();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-health-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
});
afterAll(() => stack.disposeAsync());

async function serving(certificate?: Certificate): Promise<string> {
  const server = certificate ? createHttps(certificate, listener) : createHttp(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`;
}

const health = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const result = await deploycheck(['health', ...args, '--format', 'json'], { cwd: folder, env });
  const record = result.stdout === '' ? undefined : JSON.parse(result.stdout);
  const said: string[] = (record?.findings ?? []).map(
    (found: { messageId: string }) => found.messageId,
  );
  return { ...result, said };
};

describe('health URL', () => {
  it('passes what answers as asked for', async () => {
    const origin = await serving();
    const asked = ['--body-json', '--dependency', 'database=up', '--body', 'ready'];
    expect(await health([`${origin}/readyz`, ...asked])).toMatchObject({ exitCode: 0, said: [] });
  });

  it.each([
    ['/down', [], ['wrong-status']],
    ['/', ['--dependency', 'queue=up'], ['dependency-missing']],
    ['/', ['--body', 'no such words'], ['wrong-body']],
    ['/', ['--security-headers'], ['header-missing', 'header-missing']],
    ['/open', ['--cors-refused', 'https://evil.example'], ['origin-allowed']],
    ['/', ['--cors-allowed', 'https://shop.example'], ['origin-refused']],
    ['/slow', ['--within', '300ms'], ['no-answer']],
  ])('finds what is wrong with %s %j', async (path, flags, said) => {
    const origin = await serving();
    expect(await health([origin + path, ...flags])).toMatchObject({ exitCode: 1, said });
  });

  it('finds nobody at an address', async () => {
    expect(await health(['http://127.0.0.1:1/'])).toMatchObject({
      exitCode: 1,
      said: ['no-answer'],
    });
  });

  it('refuses what is no address', async () => {
    const { exitCode, stderr } = await health(['ftp://shop.example/']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/'ftp:\/\/shop\.example\/' is no http or https URL/);
  });

  it('trusts a certificate as other programs do, and says when it ends', async () => {
    const [lasting, ending] = await Promise.all([selfSigned(365), selfSigned(3)]);
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, lasting.cert + ending.cert);
    const trusted = { NODE_EXTRA_CA_CERTS: ca };
    const origin = await serving(lasting);
    const safe = [`${origin}/safe`, '--security-headers'];
    expect(await health(safe, trusted)).toMatchObject({ exitCode: 0, said: [] });
    expect((await health([`${origin}/`, '--security-headers'], trusted)).said).toHaveLength(3);
    const unknown = await health(safe);
    expect(unknown).toMatchObject({ exitCode: 1, said: ['no-answer'] });
    expect(unknown.stdout).toMatch(/self-signed certificate/);
    const soon = await health([await serving(ending)], trusted);
    expect(soon).toMatchObject({ exitCode: 0, said: ['certificate-ending'] });
    expect(soon.stdout).toMatch(/ends in [23] days/);
  });
});
