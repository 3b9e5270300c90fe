import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBed, home } from '../../scripts/testbed/bed.ts';
import { packageFile } from '../../src/core/package-root.ts';
import { systems } from '../systems/bed.ts';
import { command, type OtherBed, otherBed, type Result } from '../systems/other-bed.ts';
import { canMount, smallFilesystem } from '../systems/small-filesystem.ts';

// Whatever these tests start must be in the cache.
const bed = await systems('toxiproxy');
const main = packageFile('scripts/testbed/main.ts');
const oneLine = /^testbed: [^\n]+\n$/;

describe.skipIf(!bed)('a bed that cannot come up says why in one sentence', () => {
  let other: OtherBed;
  beforeAll(async () => {
    other = await otherBed();
  });
  afterAll(() => other[Symbol.asyncDispose]());

  const expectProblem = (result: Result, sentence: RegExp) => {
    expect([result.exitCode, result.stdout, result.stderr]).toEqual([
      1,
      '',
      expect.stringMatching(sentence),
    ]);
    expect(result.stderr).toMatch(oneLine);
  };

  it('for a part, a bed or a command that does not exist', async () => {
    expectProblem(await other.testbed(['up', '--only', 'mongo']), /'mongo' is no part .*postgres/);
    expectProblem(await command([main, 'up', '--bed', '99'], {}), /'99' names no bed.*0 to 31/);
    expect((await other.testbed(['start'])).exitCode).toBe(2);
    expect((await other.testbed(['up', '--fast'])).stderr).toMatch(/Unknown option '--fast'/);
  });

  it('when a port is taken', async () => {
    const port = createBed(other.number).ports.toxiproxy;
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    try {
      expectProblem(
        await other.testbed(['up', '--only', 'toxiproxy']),
        new RegExp(`port ${port}, which Toxiproxy would listen on, is taken .*--bed`),
      );
    } finally {
      server.close();
    }
  });

  it('without root, before anything is started', async () => {
    const result = execute(
      ['unshare', '--user', process.execPath, main, 'up', '--only', 'toxiproxy,kubernetes'],
      { DEPLOYCHECK_TESTBED_HOME: other.home },
    );
    expectProblem(result, /Kubernetes 1\.34 needs root; run as root, or name one .* KUBECONFIG/);
    expect((await other.testbed(['status'])).stdout).not.toMatch(/ up /);
  });

  it('when a program is missing', async () => {
    const PATH = dirname(process.execPath);
    expectProblem(
      await other.testbed(['up', '--only', 'prometheus'], { PATH }),
      /Prometheus needs prometheus; .*testbed -- install.*\(Debian packages prometheus\)/,
    );
  });

  it('when a mirror does not answer', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'deploycheck-mirror-'));
    const nowhere = 'http://127.0.0.1:9';
    const go = { GOPROXY: nowhere, GOMODCACHE: join(empty, 'mod'), GOFLAGS: '-modcacherw' };
    const toxiproxy = await command([main, 'up', '--only', 'toxiproxy'], {
      ...go,
      DEPLOYCHECK_TESTBED_HOME: empty,
      DEPLOYCHECK_TESTBED: String(other.number),
    });
    expect([toxiproxy.exitCode, toxiproxy.stderr]).toEqual([
      1,
      expect.stringMatching(/could not be built because the Go module proxy cannot be reached/),
    ]);
    const postgres = await command([main, 'up', '--only', 'postgres-next'], {
      npm_config_registry: nowhere,
      npm_config_fetch_retries: '0',
      npm_config_cache: join(empty, 'npm'),
      DEPLOYCHECK_TESTBED_HOME: empty,
      DEPLOYCHECK_TESTBED: String(other.number),
    });
    expect([postgres.exitCode, postgres.stderr]).toEqual([
      1,
      expect.stringMatching(/could not be built because the npm registry cannot be reached/),
    ]);
    expect((await readdir(join(empty, 'bin'))).filter((name) => !name.endsWith('.lock'))).toEqual(
      [],
    );
    await rm(empty, { recursive: true });
  });

  it.skipIf(!canMount())('when there is no space', async () => {
    await using disk = await smallFilesystem('size=50m');
    const result = await other.testbed(['up', '--only', 'toxiproxy'], {
      DEPLOYCHECK_TESTBED_HOME: disk.folder,
    });
    expectProblem(
      result,
      /has 0\.1 GB free and a bed needs 2; free some.*DEPLOYCHECK_TESTBED_HOME/,
    );
  });
});

describe.skipIf(!bed)('a bed mends by itself', () => {
  let other: OtherBed;
  beforeAll(async () => {
    other = await otherBed();
  });
  afterAll(() => other[Symbol.asyncDispose]());

  it('a damaged build in the cache, and one that never ended', async () => {
    const bin = join(other.home, 'bin');
    await rm(bin);
    await mkdir(bin);
    const [build = ''] = (await readdir(join(home(), 'bin'))).filter((name) =>
      /^toxiproxy-server-[0-9a-f]{16}$/.test(name),
    );
    await cp(join(home(), 'bin', build), join(bin, build), { recursive: true });
    await mkdir(join(bin, 'toxiproxy-server-partial-abc'));
    await truncate(join(bin, build, 'toxiproxy-server'), 1000);

    const up = await other.testbed(['up', '--only', 'toxiproxy']);
    expect([up.exitCode, up.stderr]).toEqual([
      0,
      expect.stringMatching(/the cached build is damaged; building it again[\s\S]*toxiproxy: up/),
    ]);
    expect((await readdir(bin)).filter((name) => !name.endsWith('.lock'))).toEqual([build]);
    expect((await other.testbed(['down'])).exitCode).toBe(0);
  });

  it('what another run left half-made', async () => {
    const left = join(other.home, 'beds', String(other.number), 'toxiproxy');
    await mkdir(left, { recursive: true });
    await writeFile(join(left, 'part.json'), '{"init":{"pid":1,');
    await writeFile(join(left, 'toxiproxy.log'), 'of another run');
    await chmod(left, 0o500);
    expect((await other.testbed(['status'])).stdout).toMatch(/toxiproxy +off/);
    expect((await other.testbed(['up', '--only', 'toxiproxy'])).exitCode).toBe(0);
    expect((await other.testbed(['down'])).exitCode).toBe(0);
  });

  it('a pid that now belongs to somebody else is left alone', async () => {
    const left = join(other.home, 'beds', String(other.number), 'toxiproxy');
    await mkdir(left, { recursive: true });
    const mine = { pid: process.pid, start: '1' };
    await writeFile(
      join(left, 'part.json'),
      JSON.stringify({ init: mine, processes: { toxiproxy: mine }, foldersMade: [] }),
    );
    expect((await other.testbed(['down'])).exitCode).toBe(0);
    process.kill(process.pid, 0);
  });
});

describe.skipIf(!bed)('what the environment names', () => {
  it('is used, and nothing is started', async () => {
    await using other = await otherBed();
    const env = { DEPLOYCHECK_TEST_TOXIPROXY: 'http://127.0.0.1:1' };
    const up = await other.testbed(['up', '--only', 'toxiproxy'], env);
    expect(up).toEqual({
      exitCode: 0,
      stdout: "export DEPLOYCHECK_TEST_TOXIPROXY='http://127.0.0.1:1'\n",
      stderr: '',
    });
    const { stdout } = await other.testbed(['status'], env);
    expect(stdout).toMatch(/toxiproxy +yours +named by DEPLOYCHECK_TEST_TOXIPROXY/);
    expect(stdout).not.toMatch(/ up /);
  });
});

function execute(
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Result {
  try {
    const stdout = execFileSync(program, args, {
      env: { PATH: process.env.PATH, ...env },
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return { exitCode: 0, stdout, stderr: '' };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { exitCode: status, stdout, stderr };
  }
}
