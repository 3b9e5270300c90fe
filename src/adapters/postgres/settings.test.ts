import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatabaseSource } from './postgres.ts';
import { parseService } from './service-file.ts';
import { databaseSettings, describeSettings } from './settings.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'deploycheck-home-'));
});
afterEach(() => rm(home, { recursive: true }));

const read = (
  source: DatabaseSource,
  env: Record<string, string> = {},
  registered: string[] = [],
) => databaseSettings(source, { env, home, register: (secret) => registered.push(secret) });

describe('database settings', () => {
  it('have defaults', async () => {
    expect(await read({ url: 'postgres://ann@' })).toMatchObject({
      host: 'localhost',
      port: 5432,
      database: 'ann',
      user: 'ann',
      sslMode: 'prefer',
      applicationName: 'deploycheck',
      connectTimeoutMs: 10_000,
    });
  });

  it('never show the password', async () => {
    const registered: string[] = [];
    const settings = await read({ url: 'postgres://ann:s%26cret@h/db' }, {}, registered);
    expect(settings.password()).toBe('s&cret');
    expect(registered).toEqual(['s&cret', 's%26cret']);
    const shown = [JSON.stringify(settings), inspect(settings), describeSettings(settings)];
    expect(shown.join()).not.toMatch(/cret/);
  });

  it('take what is said before the service, and the service before the environment', async () => {
    const service = '[shop]\nhost=served\nport=1\n';
    await writeFile(join(home, 'own.conf'), service);
    const env = {
      PGSERVICEFILE: join(home, 'own.conf'),
      PGHOST: 'around',
      PGPORT: '2',
      PGDATABASE: 'around',
      PGUSER: 'around',
      PGPASSWORD: 'around-us',
    };
    const byUrl = await read({ url: 'postgres://said?service=shop' }, env);
    expect(describeSettings(byUrl)).toBe('around@said:1/around');
    const byService = await read({ service: 'shop' }, env);
    expect(describeSettings(byService)).toBe('around@served:1/around');
    expect(byService.password()).toBe('around-us');
  });

  it('find a service in the folder of the system, too', async () => {
    await mkdir(join(home, 'etc'));
    await writeFile(join(home, 'etc', 'pg_service.conf'), '[shop]\nhost=wide\n');
    const settings = await read({ service: 'shop' }, { PGSYSCONFDIR: join(home, 'etc') });
    expect(settings.host).toBe('wide');
  });

  it.each([
    [{ service: 'nosuch' }, /service 'nosuch' is not defined in .*\.pg_service\.conf/],
    [{ url: 'postgres://h:0' }, /port 0/],
    [{ url: 'postgres://h?port=x' }, /port is not a whole number/],
    [{ url: 'postgres://h?sslmode=allow' }, /sslmode is none of/],
    [{ url: 'postgres://h?sslmode=verify-full' }, /needs a root certificate/],
    [{ url: 'postgres://h?sslrootcert=system' }, /needs sslmode=verify-full/],
    [{ url: 'postgres:///d?host=a,b' }, /several hosts/],
    [{ url: 'postgres:///d?host=@abstract' }, /abstract/],
    [{ url: 'postgres://h?connect_timeout=soon' }, /connect_timeout is not a whole number/],
  ] satisfies [DatabaseSource, RegExp][])('refuse %j', async (source, why) => {
    await expect(read(source)).rejects.toMatchObject({
      code: 'database-url-invalid',
      message: expect.stringMatching(why),
    });
  });

  it.each([
    ['0', 0],
    ['-1', 0],
    ['1', 2000],
    ['30', 30_000],
  ])('wait connect_timeout=%s', async (text, milliseconds) => {
    const settings = await read({ url: `postgres://h?connect_timeout=${text}` });
    expect(settings.connectTimeoutMs).toBe(milliseconds);
  });
});

describe('a service file', () => {
  it('is read as libpq does', () => {
    const text = '# c\n\n[a]\nhost=x\n[b]\n  host=one\nhost=two\noptions=-c a=b\n[b]\nport=9\n';
    expect(parseService(text, 'b', 'f')).toEqual({ host: 'one', options: '-c a=b' });
    expect(parseService(text, 'c', 'f')).toBeUndefined();
  });

  it.each([
    ['[s]\nhost', 'f:2: the line is not written as name=value'],
    ['[s]\nservice=t', 'f:2: a service cannot name another'],
    ['[s]\n\nsslcrl=x', "f:3: the parameter 'sslcrl' is not supported"],
  ])('says where %j is wrong', (text, message) => {
    expect(() => parseService(text, 's', 'f')).toThrow(message);
  });
});
