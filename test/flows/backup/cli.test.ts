import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { orphans } from '../../../src/core/leftovers.ts';
import { packageFile } from '../../../src/core/package-root.ts';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { databasesOf, type Fixture, fixture } from './fixture.ts';
import { awsOf, connect, never, newKeyPair, unique } from './support.ts';

const bed = await systems('postgres', 'minio');

describe.skipIf(!bed)('the commands', () => {
  let shop: Fixture;
  let cwd: string;
  let env: Record<string, string>;
  let password: string;

  beforeAll(async () => {
    if (!bed) return;
    shop = await fixture(bed, 'DEPLOYCHECK_TEST_S3', 'folder');
    password = new URL(shop.databaseUrl).password;
    const aws = awsOf(bed('DEPLOYCHECK_TEST_S3'));
    const { folder } = shop.bench;
    cwd = join(folder, 'work');
    await mkdir(cwd);
    await mkdir(join(folder, 'tmp'));
    env = {
      SHOP_DATABASE_URL: shop.databaseUrl,
      ADMIN_DATABASE_URL: shop.serverUrl,
      SHOP_S3: aws.AWS_ENDPOINT_URL ?? '',
      SHOP_S3_KEY: aws.AWS_ACCESS_KEY_ID ?? '',
      SHOP_S3_SECRET: aws.AWS_SECRET_ACCESS_KEY ?? '',
      TMPDIR: join(folder, 'tmp'),
    };
    await writeFile(
      join(cwd, 'deploycheck.yaml'),
      `version: 1
environments: { production: { database: main, buckets: [invoices] } }
databases: { main: { env: SHOP_DATABASE_URL } }
buckets:
  invoices:
    endpoint: env:SHOP_S3
    bucket: ${shop.bucket.name}
    credentials: { accessKey: env:SHOP_S3_KEY, secretKey: env:SHOP_S3_SECRET }
    references: [select invoice_key from orders]
repository: { url: "file:../repository" }
sla: { restore: 5m, rpo: 24h }
`,
    );
  });
  afterAll(() => shop?.[Symbol.asyncDispose]());

  /** What programs of ours left there; Node keeps a cache of its own. */
  const temporary = async () =>
    (await readdir(env.TMPDIR ?? '')).filter((name) => name !== 'node-compile-cache');
  const run = (...args: string[]) => deploycheck(args, { cwd, env });
  const runWith = (change: Record<string, string>, ...args: string[]) =>
    deploycheck(args, { cwd, env: { ...env, ...change } });
  const json = async (...args: string[]) => {
    const { stdout, exitCode } = await run(...args, '--format', 'json');
    return { exitCode, value: JSON.parse(stdout) };
  };

  it('make, list, read and rehearse a set', async () => {
    expect((await run('backup', 'list')).stdout).toMatch(/^no sets in file:/);
    await expect(run('backup', 'verify')).resolves.toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('set-missing'),
    });
    const created = await run('backup', 'create');
    expect([created.exitCode, created.stdout]).toEqual([0, expect.stringMatching(/^GO/)]);
    expect(created.stderr).toMatch(
      /"done","step":"dump","seconds":[\d.]+,"bytes":\d+\}\n[\s\S]*set \S+ in file:[\s\S]*kept as run/,
    );
    expect((await run('backup', 'verify')).exitCode).toBe(0);
    const rehearsed = await json('backup', 'rehearse');
    expect(rehearsed).toMatchObject({
      exitCode: 0,
      value: {
        verdict: 'go',
        inputs: [{ kind: 'backupSet' }],
        measurements: [
          { name: 'backup.restore-time', limit: 300 },
          { name: 'backup.unpack-time' },
          { name: 'backup.compare-time' },
        ],
      },
    });
    const { value } = await json('backup', 'list');
    expect(value).toMatchObject([
      {
        state: 'complete',
        environment: 'production',
        database: 'main',
        buckets: ['invoices'],
        ...{ encrypted: false, signed: false },
        rehearsal: 'good',
        verifiedAt: expect.any(String),
      },
    ]);
  });

  it('keep what was seen as evidence, and no secret anywhere', async () => {
    const { stdout } = await execa(
      'grep',
      ['-rlF', '-e', password, '-e', env.SHOP_S3_SECRET ?? '', shop.bench.folder],
      { reject: false },
    );
    expect(stdout).toBe('');
    const runs = await readdir(join(cwd, '.deploycheck/runs'));
    const evidence = await readFile(
      join(cwd, '.deploycheck/runs', runs.at(-1) ?? '', 'evidence/backup-set.json'),
      'utf8',
    );
    expect(JSON.parse(evidence)).toMatchObject({
      kind: 'backupSet',
      rehearsal: { verdict: 'good' },
    });
    expect(await temporary()).toEqual([]);
  });

  it('name a key that rows name and the bucket has not', async () => {
    await shop.sql("insert into orders values (9, 'invoices/gone.pdf')");
    try {
      const { exitCode, stdout } = await run('backup', 'create');
      expect([exitCode, stdout]).toEqual([
        1,
        expect.stringMatching(/^NO-GO[\s\S]*invoices\/gone\.pdf/),
      ]);
    } finally {
      await shop.sql('delete from orders where id = 9');
    }
  });

  it('name what is damaged first', async () => {
    const [last] = (await json('backup', 'list')).value;
    const dump = join(shop.bench.folder, 'repository/sets', last.set, 'database.dump.zst');
    const bytes = await readFile(dump);
    await writeFile(dump, bytes.subarray(0, -1));
    const { exitCode, stdout } = await run('backup', 'verify');
    await writeFile(dump, bytes);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('database.dump.zst')]);
  });

  it('tell apart what is wrong with the call, and with the environment', async () => {
    const wrong = new URL(shop.databaseUrl);
    wrong.password = 'not-the-password';
    const cases: [number, string, Record<string, string>, string[]][] = [
      [5, 'database-denied', { SHOP_DATABASE_URL: wrong.href }, ['backup', 'create']],
      [
        5,
        'database-unreachable',
        { SHOP_DATABASE_URL: 'postgres://a@127.0.0.1:1/b' },
        ['backup', 'create'],
      ],
      [5, 'objects-denied', { SHOP_S3_SECRET: 'not-the-secret' }, ['backup', 'create']],
      [5, 'objects-unreachable', { SHOP_S3: 'http://127.0.0.1:1' }, ['backup', 'create']],
      [5, 'repository-unwritable', {}, ['backup', 'create', '--repository', 'file:/proc/nowhere']],
      [2, 'setting-missing', { SHOP_DATABASE_URL: '' }, ['backup', 'create']],
      [2, 'usage-invalid', {}, ['backup', 'create', '--repository', 's3:nonsense']],
      [2, 'set-missing', {}, ['backup', 'verify', 'no-such-set']],
      [2, 'usage-invalid', {}, ['restore', 'last']],
      [
        2,
        'usage-invalid',
        {},
        ['restore', 'last', '--to', 'postgres://a:b@c/d', '--database', 'x'],
      ],
      [
        2,
        'terminal-required',
        {},
        ['restore', 'last', '--to', 'env:ADMIN_DATABASE_URL', '--database', unique('x')],
      ],
      [
        2,
        'restore-refused',
        {},
        [
          'restore',
          'last',
          '--yes',
          '--replace',
          '--to',
          'env:ADMIN_DATABASE_URL',
          '--database',
          shop.database.name,
        ],
      ],
      [
        2,
        'restore-refused',
        {},
        ['restore', 'last', '--yes', '--bucket', `invoices=${shop.bucket.name}`],
      ],
    ];
    for (const [exit, code, change, args] of cases) {
      const { exitCode, stderr } = await runWith(change, ...args);
      expect([exitCode, stderr], args.join(' ')).toEqual([
        exit,
        expect.stringContaining(`(${code})`),
      ]);
      expect(stderr).not.toContain('not-the-');
    }
    expect(await temporary()).toEqual([]);
  });

  it('go on when nobody reads what they say', async () => {
    const args = [packageFile('bin/run.js'), 'backup', 'create'];
    const stdio = ['ignore', 'ignore', 'pipe'] as const;
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: [...stdio],
    });
    child.stderr?.destroy();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(await temporary()).toEqual([]);
  });

  it('do not write in plain where encryption is asked for', async () => {
    const text = await readFile(join(cwd, 'deploycheck.yaml'), 'utf8');
    const file = join(cwd, 'encrypted.yaml');
    const encrypted = (value: string) =>
      writeFile(file, text.replace('../repository" }', `../repository", encryption: ${value} }`));
    const sets = async () => (await json('backup', 'list')).value.length;
    const before = await sets();
    const recipients = newKeyPair().recipient;
    for (const [value, why] of [
      ['{ recipients: [x] }', "'x' is no X25519 recipient"],
      ['{ recipients: [] }', 'at least one recipient'],
      [`{ recipients: [${recipients}], nameKey: "env:NAME_KEY" }`, 'NAME_KEY is not set'],
    ] as const) {
      await encrypted(value);
      const { exitCode, stderr } = await run('backup', 'create', '--config', file);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(why)]);
    }
    expect(await sets()).toBe(before);
  });

  it('encrypt, and decrypt with the identity that a flag or a variable names', async () => {
    const [keys, other] = [newKeyPair(), newKeyPair()];
    const [file, wrong] = [join(cwd, 'key.txt'), join(cwd, 'other-key.txt')];
    await writeFile(file, keys.identity);
    await writeFile(wrong, other.identity);
    const place = ['--repository', 'file:../encrypted'];
    const key = { NAME_KEY: 'k'.repeat(40) };
    const create = ['backup', 'create', ...place, '--recipient', keys.recipient];
    expect((await runWith(key, ...create)).exitCode).toBe(0);
    const read = await run('backup', 'verify', ...place);
    expect([read.exitCode, read.stdout]).toEqual([
      0,
      expect.stringContaining('the content of encrypted files'),
    ]);
    expect((await run('backup', 'verify', ...place, '--identity', file)).stdout).not.toContain(
      'encrypted files',
    );
    const cases: [number, string, Record<string, string>, string[]][] = [
      [2, '(identity-missing)', {}, []],
      [2, '(identity-wrong)', {}, ['--identity', wrong]],
      [2, '(identity-unusable)', {}, ['--identity', join(cwd, 'none.txt')]],
      [2, '(identity-unusable)', { DEPLOYCHECK_IDENTITY: cwd }, []],
      [0, 'is good', { DEPLOYCHECK_IDENTITY: file }, []],
      [0, 'is good', { DEPLOYCHECK_IDENTITY: wrong }, ['--identity', file]],
    ];
    for (const [exit, said, change, flags] of cases) {
      const { exitCode, stdout, stderr } = await runWith(
        change,
        ...['backup', 'rehearse', ...place, ...flags],
      );
      expect([exitCode, stderr]).toEqual([exit, expect.stringContaining(said)]);
      for (const { identity } of [keys, other]) expect(stdout + stderr).not.toContain(identity);
    }
    expect(await databasesOf(shop)).toEqual([]);
    expect(await temporary()).toEqual([]);
  });

  it('put the database aside that has the name, and keep it', async () => {
    const name = unique('target');
    await using admin = await connect(env.ADMIN_DATABASE_URL ?? '');
    await admin.query(`create database ${name}`, [], never);
    const to = ['restore', 'last', '--yes', '--to', 'env:ADMIN_DATABASE_URL', '--database', name];
    try {
      await expect(run(...to)).resolves.toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('--replace puts it aside'),
      });
      // Somebody who is connected does not keep it from being renamed.
      const url = new URL(env.ADMIN_DATABASE_URL ?? '');
      url.pathname = `/${name}`;
      await using _ = await connect(url.href);
      const { exitCode, stderr } = await run(...to, '--replace');
      expect([exitCode, stderr]).toEqual([
        0,
        expect.stringContaining(`restored as the database ${name}`),
      ]);
      const kept = /is kept as ([^\s;]+)/.exec(stderr)?.[1] ?? '';
      const { rows } = await admin.query(
        "select datname, shobj_description(oid, 'pg_database') as comment from pg_database where datname like $1 order by 1",
        [`${name}%`],
        never,
      );
      expect(rows).toEqual([
        { datname: name, comment: null },
        { datname: kept, comment: expect.stringContaining('kept since the set ') },
      ]);

      const back = ['restore', '--rollback', '--to', 'env:ADMIN_DATABASE_URL', '--database', name];
      const asked = await run(...back);
      expect([asked.exitCode, asked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
      expect(asked.stderr).toContain(`is called ${name} again`);
      const undone = await run(...back, '--yes');
      expect([undone.exitCode, undone.stderr]).toEqual([
        0,
        expect.stringContaining(`what was restored is kept as ${name}_restored_`),
      ]);
      const twice = await run(...back, '--yes');
      expect([twice.exitCode, twice.stderr]).toEqual([
        0,
        expect.stringContaining('from before the restore already'),
      ]);
      const named = await run('restore', 'last', ...back.slice(1), '--yes');
      expect([named.exitCode, named.stderr]).toEqual([2, expect.stringContaining('takes no set')]);
    } finally {
      const { rows } = await admin.query(
        'select datname from pg_database where datname like $1',
        [`${name}%`],
        never,
      );
      for (const { datname } of rows)
        await admin.query(`drop database "${datname}" with (force)`, [], never);
    }
  });

  it('restore a table into a database of its own, which proves nothing of the set', async () => {
    const name = unique('part');
    const to = ['restore', 'last', '--yes', '--to', 'env:ADMIN_DATABASE_URL', '--database', name];
    try {
      const { exitCode, stderr, stdout } = await run(...to, '--table', 'public.orders');
      expect([exitCode, stderr]).toEqual([
        3,
        expect.stringContaining('of it only the table public.orders'),
      ]);
      expect(stderr).toContain(`restored as the database ${name}`);
      expect(stdout).toContain('the rest of the set');
      for (const [code, message, ...flags] of [
        [2, 'no table public.order; did you mean public.orders?', '--table', 'public.order'],
        [2, 'a part of a set', '--table', 'public.orders', '--replace'],
        [2, 'expected schema.name', '--table', 'orders'],
        [2, 'no schema publik; did you mean public?', '--schema', 'publik'],
      ] as const) {
        const refused = await run(...to.slice(0, -1), unique('part'), ...flags);
        expect([refused.exitCode, refused.stderr]).toEqual([
          code,
          expect.stringContaining(message),
        ]);
      }
    } finally {
      await using admin = await connect(env.ADMIN_DATABASE_URL ?? '');
      await admin.query(`drop database if exists ${name} with (force)`, [], never);
    }
  });

  describe('that are interrupted', () => {
    let bin: string;
    let started: string;
    beforeEach(async () => {
      bin = join(shop.bench.folder, unique('bin'));
      started = join(bin, 'started');
      await mkdir(started, { recursive: true });
    });

    /** Runs until the tool is at work, which then stands still, and ends the program by a signal. */
    const interrupted = async (tool: string, signal: NodeJS.Signals, ...args: string[]) => {
      const script = `#!/bin/sh\ncase "$*" in *--version*) exec ${await real(tool)} "$@";; esac\ntouch ${started}/$$\nexec sleep 600\n`;
      await writeFile(join(bin, tool), script);
      await chmod(join(bin, tool), 0o755);
      const child = spawn(process.execPath, [packageFile('bin/run.js'), ...args], {
        cwd,
        env: { ...process.env, ...env, PATH: `${bin}:${process.env.PATH}` },
        stdio: 'ignore',
      });
      const closed = once(child, 'close');
      // The schema is dumped beside the rows.
      const count = tool === 'pg_dump' ? 2 : 1;
      const pids = async () => (await readdir(started)).map(Number);
      await vi.waitUntil(async () => (await pids()).length === count, { timeout: 20_000 });
      child.kill(signal);
      const [code]: unknown[] = await closed;
      return { code, pids: await pids() };
    };
    const real = async (tool: string) => (await execa('which', [tool])).stdout;
    const isAlive = (pid: number) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    const setsAndScratch = async () => ({
      sets: (await json('backup', 'list')).value.filter(
        ({ state }: { state: string }) => state !== 'complete',
      ),
      scratch: await databasesOf(shop),
      temporary: await temporary(),
      ledger: await readdir(join(cwd, '.deploycheck/leftovers')),
      partial: await readdir(join(shop.bench.folder, 'repository/partial')),
      journals: (await readdir(join(cwd, '.deploycheck'))).filter((name) =>
        name.endsWith('.journal'),
      ),
    });
    const nothing = { sets: [], scratch: [], temporary: [], ledger: [], partial: [], journals: [] };

    it.each([
      ['pg_dump', ['backup', 'create']],
      ['pg_restore', ['backup', 'rehearse']],
    ])('by SIGINT leave nothing (%s)', async (tool, args) => {
      const { code, pids } = await interrupted(tool, 'SIGINT', ...args);
      expect(code).toBe(130);
      expect(pids.filter(isAlive)).toEqual([]);
      expect(await setsAndScratch()).toEqual(nothing);
    });

    it.each([
      ['pg_dump', ['backup', 'create']],
      ['pg_restore', ['backup', 'rehearse']],
      [
        'pg_restore',
        [
          'restore',
          'last',
          '--yes',
          '--to',
          'env:ADMIN_DATABASE_URL',
          '--database',
          unique('never'),
        ],
      ],
    ])('by kill -9 leave what the ledger names (%s %j)', async (tool, args) => {
      const { pids } = await interrupted(tool, 'SIGKILL', ...args);
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      const folder = join(cwd, '.deploycheck/leftovers');
      const left = await orphans(folder);
      expect(left.length).toBeGreaterThan(1);
      expect(JSON.stringify(left)).not.toContain(password);
      await expect(run('clean')).resolves.toMatchObject({
        exitCode: 0,
        stdout: expect.not.stringContaining('not removed'),
      });
      expect(await setsAndScratch()).toEqual(nothing);
      expect((await run('backup', 'create', '--quiet')).exitCode).toBe(0);
    });
  });
});
