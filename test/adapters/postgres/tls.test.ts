import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPostgres } from '../../../src/adapters/postgres/pg.ts';
import type { Database } from '../../../src/adapters/postgres/postgres.ts';
import { createProcessRunner } from '../../../src/adapters/process/execa.ts';
import { Fault } from '../../../src/core/fault.ts';
import { systems } from '../../systems/bed.ts';
import { hasTool } from '../../systems/tools.ts';
import { never, open, postgres } from './open.ts';
import { createOwnServer, type OwnServer } from './own-server.ts';

const bed = await systems('postgres');

const hba = `
local     all  postgres                trust
hostssl   all  postgres  127.0.0.1/32  trust
hostssl   all  ann       127.0.0.1/32  cert
hostnossl all  plain     127.0.0.1/32  trust
`;

describe.skipIf(!bed || !hasTool('openssl'))('a server with TLS', () => {
  let server: OwnServer;

  beforeAll(async () => {
    server = await createOwnServer(bed?.('DEPLOYCHECK_TEST_POSTGRES_TOOLS') ?? '', hba);
    server.start();
    await using owner = await vi.waitUntil(() => open(socketUrl()).catch(() => undefined), 30_000);
    await owner.script('create role ann login; create role plain login', never);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const socketUrl = () =>
    `postgres://postgres@${encodeURIComponent(server.folder)}:${server.port}/postgres`;
  const url = (query: string, { host = 'localhost', user = 'postgres' } = {}) =>
    `postgres://${user}@${host}:${server.port}/postgres?${query}`;
  const usesTls = async (database: Database) => {
    const sql = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
    const { rows } = await database.query(sql, [], never);
    await database.close();
    return rows[0]?.ssl;
  };
  const refusal = async (address: string) => {
    const error = await open(address).catch((thrown: unknown) => thrown);
    return error instanceof Fault ? { code: error.code, message: error.message } : error;
  };

  it('is met with as much protection as asked for', async () => {
    expect(await usesTls(await open(socketUrl()))).toBe(false);
    const certificate = `sslrootcert=${server.authority}`;
    for (const query of [
      '',
      'sslmode=prefer',
      'sslmode=require',
      'ssl=true',
      `sslmode=verify-ca&${certificate}`,
      `sslmode=verify-full&${certificate}`,
    ]) {
      expect(await usesTls(await open(url(query))), query).toBe(true);
    }
    const byAddress = url(`sslmode=verify-ca&${certificate}`, { host: '127.0.0.1' });
    expect(await usesTls(await open(byAddress))).toBe(true);
  });

  it('is refused when its certificate is not the right one', async () => {
    const name = url(`sslmode=verify-full&sslrootcert=${server.authority}`, { host: '127.0.0.1' });
    expect(await refusal(name)).toEqual({
      code: 'database-denied',
      message: expect.stringMatching(/TLS: .*altnames/),
    });
    const { cert } = server.clientCertificate('stranger');
    for (const mode of ['require', 'verify-ca', 'verify-full']) {
      expect(await refusal(url(`sslmode=${mode}&sslrootcert=${cert}`)), mode).toEqual({
        code: 'database-denied',
        message: expect.stringContaining('TLS: '),
      });
    }
    expect(await refusal(url('sslmode=verify-full&sslrootcert=system'))).toMatchObject({
      code: 'database-denied',
    });
  });

  it('refuses plain text by pg_hba.conf, and prefer tries both', async () => {
    expect(await refusal(url('sslmode=disable'))).toEqual({
      code: 'database-denied',
      message: expect.stringContaining('no pg_hba.conf entry'),
    });
    expect(await usesTls(await open(url('sslmode=prefer', { user: 'plain' })))).toBe(false);
    expect(await refusal(url('sslmode=require', { user: 'plain' }))).toMatchObject({
      code: 'database-denied',
    });
  });

  it('knows a client by its certificate', async () => {
    const { cert, key } = server.clientCertificate('ann');
    const own = `sslmode=require&sslcert=${cert}&sslkey=${key}`;
    expect(await usesTls(await open(url(own, { user: 'ann' })))).toBe(true);
    expect(await refusal(url('sslmode=require', { user: 'ann' }))).toMatchObject({
      code: 'database-denied',
      message: expect.stringContaining('certificate'),
    });
  });

  it('is reached by psql with the same settings', async () => {
    const home = await mkdtemp(join(tmpdir(), 'deploycheck-home-'));
    await mkdir(join(home, '.postgresql'));
    await copyFile(server.authority, join(home, '.postgresql', 'root.crt'));
    const atHome = createPostgres({ env: {}, home, register: () => undefined });
    const settings = await atHome.settings({ url: url('sslmode=require') });
    expect(settings).toMatchObject({
      sslMode: 'verify-ca',
      sslRootCert: join(home, '.postgresql', 'root.crt'),
    });
    await using environment = await atHome.clientEnvironment(settings, home);
    const sql = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
    const psql = `${bed?.('DEPLOYCHECK_TEST_POSTGRES_TOOLS')}/psql`;
    const { stdout, stderr } = await createProcessRunner().run(psql, ['-XAtc', sql], {
      signal: never,
      env: environment.env,
    });
    expect({ stdout, stderr }).toEqual({ stdout: 't\n', stderr: '' });
    await rm(home, { recursive: true });
  });

  it('needs files of certificates that can be read', async () => {
    const missing = join(server.folder, 'nosuch.crt');
    expect(await refusal(url(`sslmode=verify-ca&sslrootcert=${missing}`))).toEqual({
      code: 'database-url-invalid',
      message: expect.stringContaining(missing),
    });
  });

  it('says when it is a standby, and when it takes no connections yet', async () => {
    await server.stop();
    await server.makeStandby();
    server.start();
    await using standby = await vi.waitUntil(
      () => open(socketUrl()).catch(() => undefined),
      30_000,
    );
    expect(await standby.identity(never)).toMatchObject({
      inRecovery: true,
      timeline: 1,
      serverAddress: null,
      serverPort: null,
    });
    await standby.close();
    await server.stop();
    server.start(['hot_standby=off']);
    const settings = await postgres.settings({ url: socketUrl() });
    const fault = await vi.waitUntil(async () => {
      const error = await postgres.connect(settings, never).catch((thrown: unknown) => thrown);
      return error instanceof Fault && !/ENOENT|ECONNREFUSED/.test(error.message) && error;
    }, 30_000);
    expect(fault.code).toBe('database-unreachable');
    expect(fault.cause).toMatchObject({ code: '57P03' });
  });
});
