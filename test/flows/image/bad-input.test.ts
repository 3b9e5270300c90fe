import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../../src/core/fault.ts';
import { packageFile } from '../../../src/core/package-root.ts';
import type { Image } from '../../../src/validators/image/image.ts';
import { load, writeSaved } from '../../../src/validators/image/testing.ts';
import { docker, openAt, socketOf } from '../../adapters/docker/setup.ts';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { type Act, faultProxy, first } from '../../systems/fault-proxy.ts';
import { pushTestImage } from '../../systems/images.ts';

const bed = await systems('engine', 'registry');
const host = bed?.('DOCKER_HOST') ?? '';
const registry = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';
const { signal } = new AbortController();

const repository = `tests/b${crypto.randomUUID().slice(0, 13)}`;
const inEngine = `tests/bad-${crypto.randomUUID().slice(0, 8)}:1`;
let root: string;

beforeAll(async () => {
  if (!bed) return;
  root = await mkdtemp(join(tmpdir(), 'deploycheck-bad-'));
  await pushTestImage(registry, repository, '1');
  const layers = [[{ path: 'a', content: 'a'.repeat(300_000) }]];
  const engine = await openAt(host);
  await engine.loadImage(Readable.from([writeSaved({ layers }, [inEngine])]), signal);
});
afterAll(async () => {
  if (!bed) return;
  docker(host, 'rmi', inEngine);
  await rm(root, { recursive: true, force: true });
});

/** What came of loading an image: its damage, or the fault with its exit code. */
async function outcome(loading: Promise<Image>): Promise<string> {
  try {
    const { damage } = await loading;
    return damage.map(({ part, kind }) => `${part} ${kind}`).join() || 'whole';
  } catch (error) {
    if (error instanceof Fault) return `${error.code} ${error.exit}`;
    throw error;
  }
}

const soon = { 'retry-after': '0' } as const;

describe.skipIf(!bed)('an image of a registry', () => {
  it.each<[string, Act, number, RegExp, string]>([
    ['answers 401', { answer: 401 }, 9, /./, 'registry-denied 5'],
    ['answers 403', { answer: 403 }, 9, /./, 'registry-denied 5'],
    ['answers 429 once', { answer: 429, headers: soon }, 1, /./, 'whole'],
    ['answers 429 for ever', { answer: 429, headers: soon }, 9, /./, 'registry-failed 5'],
    [
      'asks to wait for a day',
      { answer: 429, headers: { 'retry-after': '86400' } },
      1,
      /./,
      'registry-failed 5',
    ],
    ['answers 500 for a layer', { answer: 500, headers: soon }, 9, /blobs/, 'registry-failed 5'],
    ['sends slowly', { slow: { bytes: 50_000, everyMs: 5 } }, 9, /./, 'whole'],
    ['cuts a blob off', { truncateAt: 100 }, 9, /blobs/, 'registry-failed 5'],
    ['alters a blob', { alterAt: 50 }, 9, /blobs/, 'registry-failed 5'],
    ['alters the manifest', { alterAt: 50 }, 9, /manifests/, 'registry-failed 5'],
    ['has no config', { answer: 404, body: '{}' }, 1, /blobs/, 'config missing'],
  ])('that %s is told as what it is', async (_, act, count, which, expected) => {
    await using proxy = await faultProxy(registry, first(count, act, which));
    expect(await outcome(load(`registry:${proxy.address}/${repository}:1`, { root }))).toBe(
      expected,
    );
  });

  it('without one of its layers is damaged', async () => {
    let blobs = 0;
    await using proxy = await faultProxy(registry, ({ url = '' }) =>
      url.includes('/blobs/') && ++blobs > 1 ? { answer: 404, body: '{}' } : undefined,
    );
    expect(await outcome(load(`registry:${proxy.address}/${repository}:1`, { root }))).toBe(
      'layer missing',
    );
  });

  it('whose layers lie elsewhere is fetched from there', async () => {
    await using store = await faultProxy(registry);
    await using proxy = await faultProxy(registry, ({ url = '' }) =>
      url.includes('/blobs/')
        ? { answer: 307, headers: { location: `http://${store.address}${url}` } }
        : undefined,
    );
    expect(await outcome(load(`registry:${proxy.address}/${repository}:1`, { root }))).toBe(
      'whole',
    );
    expect(store.requests.length).toBeGreaterThan(1);
  });

  it('that never comes ends with the time it was given', async () => {
    await using proxy = await faultProxy(registry, first(9, { hangAt: 1000 }, /blobs/));
    const reference = `registry:${proxy.address}/${repository}:1`;
    const args = ['validate', 'image', reference, '--no-cache', '--timeout', '3s'];
    expect(await deploycheck(args, { cwd: root })).toMatchObject({ exitCode: 5 });
    await proxy.until(() => proxy.connections() === 0);
  });
});

describe.skipIf(!bed)('an image of an engine', () => {
  it.each<[string, Act, string]>([
    ['breaks off', { truncateAt: 10_000 }, 'engine-failed 5'],
    ['alters a layer', { alterAt: 100_000 }, 'layer diff-id'],
    ['sends something else', { answer: 200, body: 'x'.repeat(2000) }, 'engine-failed 5'],
    ['fails', { answer: 500, body: '{"message":"no"}' }, 'engine-failed 5'],
  ])('that %s is told as what it is', async (_, act, expected) => {
    await using proxy = await faultProxy(socketOf(host), first(1, act, /\/get/));
    const engine = `tcp://${proxy.address}`;
    expect(await outcome(load(`docker:${inEngine}`, { root, engine }))).toBe(expected);
  });

  it('leaves its archive to `clean` when the program is killed', async () => {
    const scratch = await mkdtemp(join(root, 'scratch-'));
    await using proxy = await faultProxy(socketOf(host), first(1, { hangAt: 10_000 }, /\/get/));
    const env = { TMPDIR: scratch, DOCKER_HOST: `tcp://${proxy.address}` };
    const folders = async () => (await readdir(scratch)).filter((one) => /^unpacked-/.test(one));
    const running = execa(
      process.execPath,
      [packageFile('bin/run.js'), 'validate', 'image', `docker:${inEngine}`],
      { cwd: root, env, reject: false },
    );
    await expect.poll(folders, { timeout: 20_000 }).toHaveLength(1);
    running.kill('SIGKILL');
    await running;
    expect(await folders()).toHaveLength(1);
    const { stdout } = await deploycheck(['clean'], { cwd: root, env });
    expect(stdout).toContain('removed: folder of image blobs');
    expect(await folders()).toEqual([]);
  });

  it.each([
    ['unix:///no-such-folder/docker.sock', 'is the engine running'],
    [`unix://${import.meta.filename}`, 'nothing listens there'],
    ['tcp://127.0.0.1:9', 'nothing listens there'],
  ])('at %s ends the program with 5', async (DOCKER_HOST, message) => {
    const args = ['validate', 'image', `docker:${inEngine}`];
    const { exitCode, stderr } = await deploycheck(args, { cwd: root, env: { DOCKER_HOST } });
    expect(stderr).toContain(message);
    expect(exitCode).toBe(5);
  });
});
