import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { createHttp, readBody } from '../../../src/adapters/registry/http.ts';
import type { Digest } from '../../../src/core/digest.ts';
import { Fault } from '../../../src/core/fault.ts';
import { systems } from '../../systems/bed.ts';
import { type Act, faultProxy, first } from '../../systems/fault-proxy.ts';
import { pushTestImage } from '../../systems/images.ts';
import { bytesOf, named, openRegistry, ownRepository } from './setup.ts';

const bed = await systems('registry');
const { signal } = new AbortController();
const host = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';
const { registry } = await openRegistry();
const repository = ownRepository();
let digest: Digest;
let layer: { readonly digest: Digest; readonly size: number };

beforeAll(async () => {
  if (!bed) return;
  await pushTestImage(host, repository, '1');
  const manifest = await registry.manifest(named(host, repository, { tag: '1' }), signal);
  if (!manifest) throw new Error('not pushed');
  digest = manifest.digest;
  layer = JSON.parse(Buffer.from(manifest.bytes).toString()).layers[0];
});

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error: unknown = await promise.then(
    (value) => new Error(`no fault, but ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof Fault) return error;
  throw error;
}

const soon = { 'retry-after': '0' } as const;

describe.skipIf(!bed)('a registry that fails', () => {
  it.each<[string, Act, number]>([
    ['answers 503 three times', { answer: 503, headers: soon }, 3],
    ['answers 429 once', { answer: 429, headers: soon }, 1],
    ['resets the connection once', 'reset', 1],
  ])('%s is asked again', async (_, act, count) => {
    await using proxy = await faultProxy(host, first(count, act));
    const found = await registry.resolve(named(proxy.address, repository, { tag: '1' }), signal);
    expect(found).toMatchObject({ digest });
    expect(proxy.requests).toHaveLength(count + 1);
  });

  it.each<[string, Act, RegExp, number]>([
    ['503', { answer: 503, headers: soon }, /answers 503 4 times/, 4],
    ['429', { answer: 429, headers: soon }, /answers 429 4 times/, 4],
    ['a long wait', { answer: 429, headers: { 'retry-after': '86400' } }, /wait 86400/, 1],
    ['501', { answer: 501 }, /answers 501/, 1],
    ['a reset connection', 'reset', /closed the connection 4 times/, 4],
  ])('for ever, with %s, is given up', async (_, act, message, tries) => {
    await using proxy = await faultProxy(host, () => act);
    const fault = await faultOf(
      registry.manifest(named(proxy.address, repository, { tag: '1' }), signal),
    );
    expect(fault).toMatchObject({
      code: 'registry-failed',
      message: expect.stringMatching(message),
    });
    expect(fault.message).toContain(proxy.address);
    expect(proxy.requests).toHaveLength(tries);
  });

  it.each<[string, Act, RegExp]>([
    ['cut off', { truncateAt: 100_000 }, /broke off/],
    ['altered', { alterAt: 5000 }, /do not have the digest/],
    ['altered in its first byte', { alterAt: 0 }, /do not have the digest/],
    ['too short', { answer: 200, body: 'short' }, /5 of \d+ bytes/],
    ['too long', { answer: 200, body: 'x'.repeat(4_000_000) }, /more than the \d+ bytes/],
  ])('does not pass a blob that is %s', async (_, act, message) => {
    await using proxy = await faultProxy(host, first(1, act, /blobs/));
    const stream = await registry.blob(named(proxy.address, repository), layer, signal);
    const fault = await faultOf(bytesOf(stream));
    expect(fault).toMatchObject({
      code: 'registry-failed',
      message: expect.stringMatching(message),
    });
    await proxy.until(() => proxy.connections() === 0);
  });

  it.each<[string, 'tag' | 'digest', Act, RegExp]>([
    ['altered, asked for by tag', 'tag', { alterAt: 30 }, /does not have the digest/],
    ['altered, asked for by digest', 'digest', { alterAt: 30 }, /does not have the digest/],
    ['cut off', 'tag', { truncateAt: 50 }, /broke off/],
    [
      'endless',
      'tag',
      { answer: 200, body: ' '.repeat(5 * 1024 * 1024) },
      /more than 4194304 bytes/,
    ],
    ['no JSON', 'tag', { answer: 200, body: '<html>' }, /no JSON object/],
    [
      'of schema 1',
      'tag',
      {
        answer: 200,
        headers: { 'content-type': 'application/vnd.docker.distribution.manifest.v1+prettyjws' },
        body: '{"schemaVersion":1,"fsLayers":[]}',
      },
      /schema 1/,
    ],
    [
      'sent as one thing and calling itself another',
      'tag',
      {
        answer: 200,
        headers: { 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
        body: '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
      },
      /calls itself/,
    ],
    ['of no known type', 'tag', { answer: 200, body: '{"schemaVersion":2}' }, /is no manifest/],
  ])('does not pass a manifest that is %s', async (_, by, act, message) => {
    await using proxy = await faultProxy(host, first(1, act, /manifests/));
    const which = by === 'tag' ? { tag: '1' } : { digest };
    const fault = await faultOf(registry.manifest(named(proxy.address, repository, which), signal));
    expect(fault).toMatchObject({
      code: 'registry-failed',
      message: expect.stringMatching(message),
    });
    await proxy.until(() => proxy.connections() === 0);
  });

  it('that sends us round and round, or to where nobody may listen, is not followed', async () => {
    const at = (location: string): Act => ({ answer: 307, headers: { location } });
    await using proxy = await faultProxy(host, () => at('/v2/'));
    const ask = () => faultOf(registry.resolve(named(proxy.address, repository), signal));
    expect(await ask()).toMatchObject({
      code: 'registry-failed',
      message: expect.stringMatching(/more than 5 times/),
    });
    expect(proxy.requests).toHaveLength(6);
    for (const location of [
      'http://registry.example/',
      'ftp://127.0.0.1/',
      'http://a:b@127.0.0.1/',
      'http://[',
    ]) {
      proxy.play(() => at(location));
      expect(await ask()).toMatchObject({
        code: 'registry-failed',
        message: expect.stringMatching(/nothing may be sent/),
      });
    }
  });

  it('is not waited for where its words do not matter', async () => {
    await using proxy = await faultProxy(host, first(1, { hangAt: 5 }, /manifests/));
    const absent = named(proxy.address, repository, { tag: 'absent' });
    expect(await registry.manifest(absent, signal)).toBeUndefined();
    await proxy.until(() => proxy.connections() === 0);
  });

  it('that closed the connection before its answer was read has sent all of it', async () => {
    const body = 'x'.repeat(65_536);
    await using server = createServer((socket) => {
      socket.once('data', () => {
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
        );
        socket.end(body);
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const answer = await createHttp([])({ url: new URL(`http://127.0.0.1:${port}/`) }, signal);
    await delay(200);
    expect(await readBody(answer, body.length, signal)).toHaveLength(body.length);
  });

  it('that is no registry has no opinion on what is absent', async () => {
    await using proxy = await faultProxy(host, () => ({ answer: 404, body: 'Not Found' }));
    const fault = await faultOf(registry.resolve(named(proxy.address, repository), signal));
    expect(fault).toMatchObject({
      code: 'registry-failed',
      message: expect.stringMatching(/is no registry/),
    });
  });

  it('that is not there is unreachable', async () => {
    const proxy = await faultProxy(host);
    await proxy[Symbol.asyncDispose]();
    for (const gone of [proxy.address, 'no-such-host.invalid']) {
      const fault = await faultOf(registry.resolve(named(gone, repository), signal));
      expect(fault.code).toBe('registry-unreachable');
      expect(fault.message).toContain(gone);
    }
  });
});

describe.skipIf(!bed)('an aborted call', () => {
  const reason = new Error('enough');

  it.each<[string, Act]>([
    ['without an answer', 'hang'],
    ['in mid-answer', { hangAt: 20 }],
    ['before it is tried again', { answer: 503, headers: { 'retry-after': '25' } }],
  ])('%s ends with the reason and leaves no connection', async (_, act) => {
    await using proxy = await faultProxy(host, () => act);
    const controller = new AbortController();
    const at = named(proxy.address, repository, { tag: '1' });
    const asking = registry.manifest(at, controller.signal);
    await proxy.until(() => proxy.acts() === 1);
    controller.abort(reason);
    await expect(asking).rejects.toBe(reason);
    await proxy.until(() => proxy.connections() === 0);
    expect(proxy.requests).toHaveLength(1);
  });

  it.each<[string, Act]>([
    ['slow', { slow: { bytes: 1000, everyMs: 20 } }],
    ['hanging', { hangAt: 70_000 }],
  ])('of a %s blob ends its stream', async (_, act) => {
    await using proxy = await faultProxy(host, first(1, act, /blobs/));
    const controller = new AbortController();
    const stream = await registry.blob(named(proxy.address, repository), layer, controller.signal);
    const reading = bytesOf(stream);
    await proxy.until(() => proxy.acts() === 1);
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    await proxy.until(() => proxy.connections() === 0);
  });

  it('of a blob that nobody reads, or that its reader gives up, leaves no connection', async () => {
    const controller = new AbortController();
    await using proxy = await faultProxy(host, () => ({ hangAt: 70_000 }));
    const at = named(proxy.address, repository);
    const unread = await registry.blob(at, layer, controller.signal);
    const given = await registry.blob(at, layer, signal);
    controller.abort(reason);
    given?.destroy();
    await proxy.until(() => proxy.connections() === 0);
    expect(unread?.errored).toBe(reason);
  });

  it('before it began asks nothing', async () => {
    await using proxy = await faultProxy(host);
    const at = named(proxy.address, repository);
    await expect(registry.resolve(at, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(proxy.requests).toEqual([]);
  });
});
