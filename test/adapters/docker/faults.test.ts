import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/adapters/docker/docker.ts';
import { systems } from '../../systems/bed.ts';
import { type Act, type FaultProxy, faultProxy, first } from '../../systems/fault-proxy.ts';
import { pushTestImage } from '../../systems/images.ts';
import { made, openAt, socketOf, started } from './setup.ts';

const bed = await systems('engine', 'registry');
const { signal } = new AbortController();
const host = bed?.('DOCKER_HOST') ?? '';
const registry = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';
let engine: Engine;

const repository = `tests/f${crypto.randomUUID().slice(0, 13)}`;
const image = `${registry}/${repository}:1`;
const forever = { image, cmd: ['/bin/sh', '-c', 'echo up; sleep 100000'] };
beforeAll(async () => {
  if (!bed) return;
  engine = await openAt(host);
  await pushTestImage(registry, repository, '1');
  await engine.pull(image, {}, signal);
});
afterAll(async () => {
  if (bed) await engine.removeImage(image, signal);
});

interface Proxied extends AsyncDisposable {
  readonly proxy: FaultProxy;
  readonly engine: Engine;
}

/** The engine behind a proxy that is true until told otherwise. */
async function proxied(): Promise<Proxied> {
  const proxy = await faultProxy(socketOf(host));
  const behind = await openAt(`tcp://${proxy.address}`);
  return { proxy, engine: behind, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}

type Call = (engine: Engine, container: string, signal: AbortSignal) => Promise<unknown>;

const bytesOf = async (stream: Promise<Readable | undefined>) =>
  buffer((await stream) ?? Readable.from([]));

/** Every method, on a running container. */
const calls: readonly [string, Call][] = [
  ['ping', (own, _, signal) => own.ping(signal)],
  ['version', (own, _, signal) => own.version(signal)],
  ['inspectImage', (own, _, signal) => own.inspectImage(image, signal)],
  ['saveImage', (own, _, signal) => bytesOf(own.saveImage(image, signal))],
  ['loadImage', (own, _, signal) => own.loadImage(Readable.from(['no archive']), signal)],
  ['pull', (own, _, signal) => own.pull(image, {}, signal)],
  ['removeImage', (own, _, signal) => own.removeImage(image, signal)],
  ['createContainer', (own, _, signal) => own.createContainer({ image, owner: 'tests' }, signal)],
  ['start', (own, id, signal) => own.start(id, signal)],
  ['wait', (own, id, signal) => own.wait(id, signal)],
  ['inspect', (own, id, signal) => own.inspect(id, signal)],
  ['logs', (own, id, signal) => own.logs(id, { follow: true }, signal)],
  ['stats', (own, id, signal) => own.stats(id, signal)],
  ['exec', (own, id, signal) => own.exec(id, { command: ['/bin/sleep', '100'] }, signal)],
  ['stop', (own, id, signal) => own.stop(id, 100, signal)],
  ['kill', (own, id, signal) => own.kill(id, 'SIGKILL', signal)],
  ['pause', (own, id, signal) => own.pause(id, signal)],
  ['unpause', (own, id, signal) => own.unpause(id, signal)],
  ['remove', (own, id, signal) => own.remove(id, signal)],
  ['listContainers', (own, _, signal) => own.listContainers({}, signal)],
];

describe.skipIf(!bed)('an engine that fails', () => {
  it.each(calls)('makes %s fail, and never hang or pass', async (_, call) => {
    await using behind = await proxied();
    const faults: readonly [Act, RegExp][] = [
      ['reset', /broke off/],
      [
        { answer: 500, body: '{"message":"it is\\nbroken"}' },
        /(answers 500|did not pull): it is broken$/,
      ],
      [{ answer: 200, headers: { 'content-length': '100' }, body: '' }, /broke off/],
      [{ answer: 307, headers: { location: 'http://no-such-host.invalid/' } }, /answers 307/],
    ];
    for (const [act, message] of faults) {
      behind.proxy.play(() => act);
      await expect(call(behind.engine, 'tests', signal)).rejects.toMatchObject({
        code: 'engine-failed',
        message: expect.stringMatching(message),
      });
    }
    await behind.proxy.until(() => behind.proxy.connections() === 0);
  });

  it.each<[string, Act, RegExp]>([
    ['no JSON', { answer: 200, body: '<html>' }, /no JSON/],
    ['too much', { answer: 200, body: ' '.repeat(17 * 1024 * 1024) }, /more than 16777216 bytes/],
    ['a cut answer', { truncateAt: 40 }, /broke off/],
  ])('by %s is named', async (_, act, message) => {
    await using behind = await proxied();
    behind.proxy.play(() => act);
    await expect(behind.engine.version(signal)).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringMatching(message),
    });
    await behind.proxy.until(() => behind.proxy.connections() === 0);
  });

  it.each<[string, Call, Act, RegExp]>([
    ['saved image', calls[3]?.[1] as Call, { truncateAt: 50_000 }, /broke off/],
    [
      'log',
      (own, id, signal) => own.logs(id, { follow: true }, signal),
      { truncateAt: 4 },
      /broke off/,
    ],
  ])('in the middle of a %s is named', async (_, call, act, message) => {
    await using behind = await proxied();
    const id = await started(engine, forever);
    behind.proxy.play(first(1, act, /\/get$|\/logs/));
    await expect(call(behind.engine, id, signal)).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringMatching(message),
    });
    await behind.proxy.until(() => behind.proxy.connections() === 0);
  });

  it('after it took the wish to pull says what the registry said', async () => {
    await using behind = await proxied();
    const told = (error: string) => ({
      answer: 200,
      body: `{"status":"Pulling"}\n{"errorDetail":{"message":"${error}"},"error":"${error}"}\n`,
    });
    const faults = [
      ['pull access denied for x, repository does not exist', 'registry-denied'],
      ['unauthorized: authentication required', 'registry-denied'],
      ['Get https://x: dial tcp: lookup x: no such host', 'registry-unreachable'],
      ['no space left on device', 'engine-failed'],
    ] as const;
    for (const [error, code] of faults) {
      behind.proxy.play(() => told(error));
      await expect(behind.engine.pull(image, {}, signal)).rejects.toMatchObject({ code });
    }
    behind.proxy.play(() => told('manifest for x not found: manifest unknown'));
    expect(await behind.engine.pull(image, {}, signal)).toBe(false);
  });

  it('is given the credentials of a registry in a header alone', async () => {
    await using behind = await proxied();
    const auth = { username: 'ann', password: 'not so secret' };
    await behind.engine.pull(image, { auth }, signal);
    const { line, headers } = behind.proxy.requests.at(-1) ?? {};
    expect(
      JSON.parse(Buffer.from(String(headers?.['x-registry-auth']), 'base64').toString()),
    ).toEqual({
      ...auth,
      serveraddress: registry,
    });
    expect(line).toBe(
      `POST /images/create?fromImage=${encodeURIComponent(`${registry}/${repository}`)}&tag=1`,
    );
  });
});

describe.skipIf(!bed)('an aborted call', () => {
  const reason = new Error('enough');

  it.each(calls)(
    'of %s without an answer ends with the reason and leaves no connection',
    async (_, call) => {
      await using behind = await proxied();
      behind.proxy.play(() => 'hang');
      const controller = new AbortController();
      const calling = call(behind.engine, 'tests', controller.signal);
      await behind.proxy.until(() => behind.proxy.acts() === 1);
      controller.abort(reason);
      await expect(calling).rejects.toBe(reason);
      await behind.proxy.until(() => behind.proxy.connections() === 0);
    },
  );

  it.each(['wait', 'logs', 'exec', 'stop'])('of %s in the middle does so, too', async (name) => {
    await using behind = await proxied();
    const id = await started(engine, forever);
    const controller = new AbortController();
    const call = calls.find(([known]) => known === name)?.[1] as Call;
    const before = behind.proxy.requests.length;
    const calling = call(behind.engine, id, controller.signal);
    // Three requests make an exec: the second one holds.
    const held = before + (name === 'exec' ? 2 : 1);
    await behind.proxy.until(() => behind.proxy.requests.length === held);
    controller.abort(reason);
    await expect(calling).rejects.toBe(reason);
    await behind.proxy.until(() => behind.proxy.connections() === 0);
  });

  it('of saveImage ends the stream, read or not', async () => {
    await using behind = await proxied();
    behind.proxy.play(({ url }) => (url?.endsWith('/get') ? { hangAt: 70_000 } : undefined));
    const controller = new AbortController();
    const unread = await behind.engine.saveImage(image, controller.signal);
    const reading = bytesOf(behind.engine.saveImage(image, controller.signal));
    const given = await behind.engine.saveImage(image, signal);
    await behind.proxy.until(() => behind.proxy.acts() === 3);
    controller.abort(reason);
    given?.destroy();
    await expect(reading).rejects.toBe(reason);
    await behind.proxy.until(() => behind.proxy.connections() === 0);
    expect(unread?.errored).toBe(reason);
  });

  it('of pull in the middle ends it', async () => {
    await using behind = await proxied();
    behind.proxy.play(() => ({ hangAt: 10 }));
    const controller = new AbortController();
    const pulling = behind.engine.pull(image, {}, controller.signal);
    await behind.proxy.until(() => behind.proxy.acts() === 1);
    controller.abort(reason);
    await expect(pulling).rejects.toBe(reason);
    await behind.proxy.until(() => behind.proxy.connections() === 0);
  });

  it('of loadImage ends the source as well', async () => {
    await using behind = await proxied();
    const controller = new AbortController();
    const archive = new Readable({ read() {} });
    archive.push(Buffer.alloc(100_000));
    const before = behind.proxy.requests.length;
    const loading = behind.engine.loadImage(archive, controller.signal);
    await behind.proxy.until(() => behind.proxy.requests.length > before);
    controller.abort(reason);
    await expect(loading).rejects.toBe(reason);
    expect(archive.destroyed).toBe(true);
    await behind.proxy.until(() => behind.proxy.connections() === 0);
  });

  it.each(calls)('of %s before it began asks nothing', async (_, call) => {
    await using behind = await proxied();
    const before = behind.proxy.requests.length;
    await expect(call(behind.engine, 'tests', AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(behind.proxy.requests).toHaveLength(before);
  });

  it('leaves a container that can be removed by its name', async () => {
    const name = `tests-${crypto.randomUUID()}`;
    await made(engine, { ...forever, name });
    await engine.remove(name, signal);
    expect(await engine.inspect(name, signal)).toBeUndefined();
  });
});
