import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPostgres } from '../../../src/adapters/postgres/pg.ts';
import { createProcessRunner } from '../../../src/adapters/process/execa.ts';
import { createRedactor } from '../../../src/core/redact.ts';
import { systems } from '../../systems/bed.ts';
import { createDatabase, type TestDatabase } from '../../systems/postgres.ts';
import { never, open, postgres } from './open.ts';

const bed = await systems('postgres');
const password = `p:a\\s@s/w?o&r%d #'"ü🚀`;

describe.skipIf(!bed)("PostgreSQL's own programs", () => {
  let database: TestDatabase;
  let role: string;
  let url: URL;
  let home: string;

  beforeAll(async () => {
    const server = bed?.('DEPLOYCHECK_TEST_POSTGRES') ?? '';
    database = await createDatabase(server, 'tools');
    role = `${database.name}_role`;
    await using owner = await open(server);
    await owner.script(
      `create role ${role} login password '${password.replaceAll("'", "''")}'`,
      never,
    );
    url = new URL(database.url);
    url.username = role;
    url.password = encodeURIComponent(password);
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await using owner = await open(bed?.('DEPLOYCHECK_TEST_POSTGRES') ?? '');
    await owner.script(`drop role ${role}`, never);
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'deploycheck-home-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  const tool = async (name: string, args: string[], env: Readonly<Record<string, string>>) => {
    const path = `${bed?.('DEPLOYCHECK_TEST_POSTGRES_TOOLS')}/${name}`;
    return createProcessRunner().run(path, args, { signal: never, env });
  };
  const who =
    "select current_user || ' ' || current_database() || ' ' || current_setting('application_name')";

  it('reach the same database, with no secret in their environment', async () => {
    const settings = await postgres.settings({ url: url.href });
    await using environment = await postgres.clientEnvironment(settings, home);
    expect(JSON.stringify(environment.env)).not.toContain('s@s');
    for (const file of await readdir(home)) {
      expect((await stat(join(home, file))).mode & 0o777).toBe(0o600);
    }
    expect(await tool('psql', ['-XwAtc', who], environment.env)).toEqual({
      exitCode: 0,
      stdout: `${role} ${database.name} deploycheck\n`,
      stderr: '',
    });
    expect(await tool('pg_dump', ['-w', '--schema-only'], environment.env)).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    await environment[Symbol.asyncDispose]();
    expect(await readdir(home)).toEqual([]);
  });

  it('are not led astray by variables around us', async () => {
    const service = join(home, 'around.conf');
    await writeFile(service, '[around]\nhost=nosuch.invalid\ndbname=around\n');
    const around = {
      PGSERVICE: 'around',
      PGSERVICEFILE: service,
      PGPASSWORD: 'around',
      PGHOSTADDR: '192.0.2.1',
      PGOPTIONS: '-c work_mem=1',
      PGDATESTYLE: 'german',
      PGTZ: 'Asia/Tokyo',
      PGCLIENTENCODING: 'latin1',
      PGTARGETSESSIONATTRS: 'standby',
      PGAPPNAME: 'around',
      PGSSLMODE: 'verify-full',
    };
    const settings = await postgres.settings({ url: `${url.href}?sslmode=prefer` });
    await using environment = await postgres.clientEnvironment(settings, home);
    const sql = `${who} || ' ' || current_setting('client_encoding') || ' ' || current_setting('timezone') || ' ' || current_setting('datestyle')`;
    const plain = await tool('psql', ['-XwAtc', sql], environment.env);
    const led = await tool('psql', ['-XwAtc', sql], { ...around, ...environment.env });
    expect(led).toEqual(plain);
    expect(led.exitCode).toBe(0);
  });

  it('and we read services and password files alike', async () => {
    await writeFile(
      join(home, '.pg_service.conf'),
      `# a comment\n[other]\nhost=nosuch.invalid\n[shop]\nhost=127.0.0.1\nport=${url.port}\n  dbname=${database.name}\ndbname=ignored\nuser=${role}\napplication_name=from service\n`,
    );
    const escaped = password.replaceAll(/[\\:]/g, '\\$&');
    const passwords = join(home, '.pgpass');
    await writeFile(
      passwords,
      `# ${escaped}\n*:1:*:*:wrong\n127.0.0.1:${url.port}:other:*:wrong\n127.0.0.1:*:*:${role}:${escaped}\n*:*:*:*:late\n`,
      { mode: 0o600 },
    );
    const redact = createRedactor();
    const env = { PGAPPNAME: 'from environment' };
    const atHome = createPostgres({ env, home, register: redact.register });
    const settings = await atHome.settings({ service: 'shop' });
    expect(atHome.describe(settings)).toBe(`${role}@127.0.0.1:${url.port}/${database.name}`);
    expect(settings.password()).toBe(password);
    expect(redact(`it is ${password}, or ${encodeURIComponent(password)}`)).toBe(
      'it is [redacted], or [redacted]',
    );
    await using ours = await atHome.connect(settings, never);
    expect(Object.values((await ours.query(who, [], never)).rows[0] ?? {})).toEqual([
      `${role} ${database.name} from service`,
    ]);
    const theirs = {
      ...env,
      PGSERVICE: 'shop',
      PGSERVICEFILE: join(home, '.pg_service.conf'),
      PGPASSFILE: passwords,
    };
    expect((await tool('psql', ['-XwAtc', who], theirs)).stdout).toBe(
      `${role} ${database.name} from service\n`,
    );

    await chmod(passwords, 0o644);
    const open = await atHome.settings({ service: 'shop' });
    expect(open.password()).toBeUndefined();
    await expect(atHome.connect(open, never)).rejects.toMatchObject({
      code: 'database-denied',
      message: expect.stringContaining(`${passwords} is ignored because others may read it`),
    });
    expect(await tool('psql', ['-XwAtc', who], theirs)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('has group or world access'),
    });
  });

  it('cannot be given a password with a line break', async () => {
    const settings = await postgres.settings({ url: url.href });
    const broken = { ...settings, password: () => 'two\nlines' };
    await expect(postgres.clientEnvironment(broken, home)).rejects.toMatchObject({
      code: 'database-url-invalid',
      message: expect.not.stringContaining('two'),
    });
    expect(await readdir(home)).toEqual([]);
  });
});
