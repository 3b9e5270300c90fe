import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { run } from '../../../scripts/testbed/sandbox.ts';
import type { Environment } from '../../../src/adapters/docker/endpoint.ts';
import { createOpenEngine } from '../../../src/adapters/docker/open.ts';
import { systems } from '../../systems/bed.ts';
import { faultProxy } from '../../systems/fault-proxy.ts';
import { noFolder, openAt, socketOf, temporaryFolder } from './setup.ts';

const bed = await systems('engine');
const { signal } = new AbortController();
const host = bed?.('DOCKER_HOST') ?? '';

const open = (environment: Environment, given?: string) =>
  createOpenEngine({ DOCKER_CONFIG: noFolder, ...environment })(
    given ? { host: given } : {},
    signal,
  );

describe.skipIf(!bed)('an engine is found', () => {
  it('by the host given, then by DOCKER_HOST', async () => {
    await using proxy = await faultProxy(socketOf(host));
    expect((await open({ DOCKER_HOST: host })).host).toBe(host);
    const tcp = `tcp://${proxy.address}`;
    const engine = await open({ DOCKER_HOST: host }, tcp);
    expect([engine.host, proxy.requests.map(({ line }) => line)]).toEqual([tcp, ['GET /_ping']]);
    expect((await open({ DOCKER_HOST: proxy.address })).host).toBe(proxy.address);
  });

  it('by the context that docker uses', async () => {
    const folder = await temporaryFolder();
    const docker = (...args: string[]) =>
      execFileSync('docker', args, {
        env: { PATH: process.env.PATH, DOCKER_CONFIG: folder },
        stdio: 'ignore',
      });
    docker('context', 'create', 'tests', '--docker', `host=${host}`);
    docker('context', 'create', 'gone', '--docker', 'host=unix:///no/such.sock');
    const environment = { DOCKER_CONFIG: folder };
    expect((await open({ ...environment, DOCKER_CONTEXT: 'tests' })).host).toBe(host);
    docker('context', 'use', 'gone');
    await expect(open(environment)).rejects.toMatchObject({
      code: 'engine-unreachable',
      message: expect.stringContaining('unix:///no/such.sock: there is no such socket'),
    });
    expect((await open({ ...environment, DOCKER_CONTEXT: 'tests' })).host).toBe(host);
    expect((await open({ ...environment, DOCKER_HOST: host })).host).toBe(host);
    docker('context', 'use', 'tests');
    expect((await open(environment)).host).toBe(host);
  });

  it('over TLS, with the certificates of DOCKER_CERT_PATH', async () => {
    const folder = await certificates();
    const address = await tlsFront(folder);
    const engine = await open({ DOCKER_HOST: `tcp://${address}`, DOCKER_CERT_PATH: folder });
    expect((await engine.version(signal)).engine).toBe(
      (await (await openAt(host)).version(signal)).engine,
    );

    const stranger = await certificates();
    for (const environment of [
      { DOCKER_CERT_PATH: stranger },
      { DOCKER_TLS_VERIFY: '1', DOCKER_CONFIG: stranger },
      { DOCKER_TLS_VERIFY: '1' },
    ]) {
      await expect(open({ DOCKER_HOST: `tcp://${address}`, ...environment })).rejects.toMatchObject(
        {
          code: 'engine-unreachable',
          message: expect.stringMatching(/certificate/),
        },
      );
    }
    // Nor does the process's own environment lend its certificates.
    vi.stubEnv('DOCKER_HOST', `tcp://${address}`);
    vi.stubEnv('DOCKER_CERT_PATH', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(open({ DOCKER_HOST: `tcp://${address}`, DOCKER_TLS_VERIFY: '1' })).rejects.toThrow(
      /unable to verify|self-signed/,
    );
    // Spoken to without TLS.
    await expect(open({ DOCKER_HOST: `tcp://${address}` })).rejects.toMatchObject({
      code: 'engine-failed',
    });
  });
});

it.skipIf(!bed)('another server is not mistaken for an engine', async () => {
  await using proxy = await faultProxy(socketOf(host), () => ({ answer: 200, body: '<html>' }));
  await expect(openAt(`tcp://${proxy.address}`)).rejects.toMatchObject({
    code: 'engine-failed',
    message: `what answers at tcp://${proxy.address} is no Docker Engine`,
  });
});

describe('an engine that cannot be reached', () => {
  it.each<[string, Environment, RegExp]>([
    ['at a socket that is not there', { DOCKER_HOST: 'unix:///no/such.sock' }, /no such socket/],
    [
      'at a file that is no socket',
      { DOCKER_HOST: 'unix:///etc/passwd' },
      /no socket|nothing listens/,
    ],
    [
      'at a port where nobody listens',
      { DOCKER_HOST: 'tcp://127.0.0.1:1' },
      /nothing listens there/,
    ],
    [
      'at a host that is none',
      { DOCKER_HOST: 'tcp://no-such-host.invalid' },
      /no such host|EAI_AGAIN/,
    ],
    [
      'over SSH',
      { DOCKER_HOST: 'ssh://ann@engine.example' },
      /SSH is not spoken; forward the socket/,
    ],
    ['by what is no address', { DOCKER_HOST: 'npipe:////./pipe/x' }, /neither unix/],
    ['by what is no address at all', { DOCKER_HOST: 'unix://relative' }, /neither unix/],
    ['in an unknown context', { DOCKER_CONTEXT: 'nowhere' }, /'nowhere': .* knows no such context/],
  ])('%s', async (_, environment, message) => {
    await expect(open(environment)).rejects.toMatchObject({
      code: 'engine-unreachable',
      message: expect.stringMatching(message),
    });
  });

  it('is not mistaken for another that the process’s own environment names', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:1');
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(open({ DOCKER_HOST: 'unix:///no/such.sock' })).rejects.toThrow(
      'unix:///no/such.sock',
    );
    vi.stubEnv('DOCKER_HOST', 'tcp://[');
    await expect(open({ DOCKER_HOST: 'unix:///no/such.sock' })).rejects.toMatchObject({
      code: 'engine-unreachable',
    });
  });
});

/** A CA, and a certificate that serves for server and client alike. */
async function certificates(): Promise<string> {
  const folder = await temporaryFolder();
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca-key.pem',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=tests',
  );
  const signed = [
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca-key.pem',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
  ];
  await openssl(
    'req',
    '-x509',
    ...key,
    ...signed,
    '-keyout',
    'key.pem',
    '-out',
    'cert.pem',
    '-subj',
    '/CN=engine',
  );
  await writeFile(join(folder, 'config.json'), '{}');
  return folder;
}

/** The engine's socket behind TLS that asks for a certificate of the same CA. */
async function tlsFront(folder: string): Promise<string> {
  const pem = (name: string) => readFile(join(folder, name));
  const [ca, cert, key] = await Promise.all([pem('ca.pem'), pem('cert.pem'), pem('key.pem')]);
  const server: Server = createServer({ ca, cert, key, requestCert: true }, (socket) => {
    const engine = connect(socketOf(host));
    for (const end of [socket, engine]) end.on('error', () => undefined);
    socket.pipe(engine).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const listening = server.address();
  if (listening === null || typeof listening === 'string') throw new Error('no port');
  return `127.0.0.1:${listening.port}`;
}
