import { once } from 'node:events';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube } from '../../../src/adapters/kube/kube.ts';
import { systems } from '../../systems/bed.ts';
import {
  createNamespace,
  kubectl,
  type TestNamespace,
  testImage,
} from '../../systems/kubernetes.ts';
import {
  accepted,
  all,
  configMap,
  configMaps,
  never,
  openAdmin,
  openThroughProxy,
  pod,
} from './setup.ts';

const bed = await systems('kubernetes', 'registry');
const enough = new Error('enough');

describe.skipIf(!bed)('aborting', () => {
  let home: TestNamespace;
  let admin: Kube;

  beforeAll(async () => {
    home = await createNamespace('abort');
    admin = await openAdmin(bed, home.name);
    const image = await testImage(bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '');
    const command = ['sh', '-c', 'echo ready; httpd -f -p 8080'];
    accepted(await admin.apply(pod(home.name, 'server', image, command), {}, never));
    const wait = ['wait', '--for=condition=Ready', 'pod/server', '--timeout=90s'];
    await kubectl(['--namespace', home.name, ...wait]);
  });
  afterAll(async () => {
    admin?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const server = { name: 'server' };
  const exec = { command: ['busybox', 'sleep', '3600'], timeoutMs: 3_600_000 };
  const calls: Record<string, (kube: Kube, signal: AbortSignal) => Promise<unknown>> = {
    version: (kube, signal) => kube.version(signal),
    resources: (kube, signal) => kube.resources(signal),
    get: (kube, signal) => kube.get({ ...configMaps, name: 'one' }, signal),
    list: (kube, signal) => all(kube.list(configMaps, {}, signal)),
    apply: (kube, signal) => kube.apply(configMap(home.name, 'one'), { dryRun: true }, signal),
    create: (kube, signal) => kube.create(configMap(home.name, 'one'), { dryRun: true }, signal),
    patch: (kube, signal) =>
      kube.patch({ ...configMaps, name: 'one' }, { type: 'merge', body: {} }, {}, signal),
    remove: (kube, signal) => kube.remove({ ...configMaps, name: 'one' }, {}, signal),
    watch: (kube, signal) => all(kube.watch(configMaps, {}, signal)),
    logs: (kube, signal) => kube.logs(server, {}, signal),
    exec: (kube, signal) => kube.exec(server, exec, signal),
    raw: (kube, signal) => kube.raw('/api/v1/nodes', signal),
    text: (kube, signal) => kube.text('/metrics', signal),
    can: (kube, signal) => kube.can({ verb: 'get', resource: 'pods' }, signal),
    token: (kube, signal) => kube.token({ name: 'default' }, { expirationSeconds: 600 }, signal),
  };

  it.each(Object.entries(calls))('%s is noticed before anything is sent', async (_, call) => {
    const { kube, proxy } = await openThroughProxy(bed, home.name);
    await expect(call(kube, AbortSignal.abort(enough))).rejects.toBe(enough);
    expect(proxy.accepted()).toBe(0);
  });

  it.each(Object.entries(calls))('%s ends while the server is silent', async (_, call) => {
    const { kube, proxy } = await openThroughProxy(bed, home.name);
    await kube.resourceFor(configMaps, never);
    const before = proxy.open();
    proxy.hold();
    const controller = new AbortController();
    const refused = expect(call(kube, controller.signal)).rejects.toBe(enough);
    await proxy.until(() => proxy.held() > 0);
    controller.abort(enough);
    await refused;
    // Each call takes kept connections; those it was waiting at are gone.
    await proxy.until(() => proxy.open() < before);
    expect(proxy.accepted()).toBe(before);
  });

  it.each(Object.entries(calls))('%s ends while it is connecting', async (_, call) => {
    const { kube, proxy } = await openThroughProxy(bed, home.name);
    proxy.hold();
    const controller = new AbortController();
    const refused = expect(call(kube, controller.signal)).rejects.toBe(enough);
    await proxy.until(() => proxy.held() > 0);
    controller.abort(enough);
    await refused;
    await proxy.until(() => proxy.open() === 0);
  });

  it('ends a watch between two events, and its connection', async () => {
    const { kube, proxy } = await openThroughProxy(bed, home.name);
    const controller = new AbortController();
    const options = { namespace: home.name, fieldSelector: 'metadata.name=seen' };
    const events = kube.watch(configMaps, options, controller.signal)[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { type: 'synced' } });
    const before = proxy.open();
    const seen = events.next();
    accepted(await admin.apply(configMap(home.name, 'seen'), {}, never));
    expect(await seen).toMatchObject({ value: { type: 'added' } });
    // The reader is busy with the event; the connection does not wait for it.
    controller.abort(enough);
    await proxy.until(() => proxy.open() === before - 1);
    await expect(events.next()).rejects.toBe(enough);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('ends a followed log and its connection', async () => {
    const { kube, proxy } = await openThroughProxy(bed, home.name);
    const controller = new AbortController();
    await kube.resourceFor(configMaps, never);
    const before = proxy.open();
    const { stream } = accepted(await kube.logs(server, { follow: true }, controller.signal));
    await once(stream, 'readable');
    const refused = expect(buffer(stream)).rejects.toBe(enough);
    controller.abort(enough);
    await refused;
    await proxy.until(() => proxy.open() === before - 1);
    expect(proxy.accepted()).toBe(before);

    // Also when nobody reads it.
    const second = new AbortController();
    const unread = accepted(await kube.logs(server, { follow: true }, second.signal));
    second.abort(enough);
    await proxy.until(() => proxy.open() === before - 2);
    expect(unread.stream.destroyed).toBe(true);
  });

  it('ends a command’s connection while it runs', async () => {
    const { kube, proxy } = await openThroughProxy(bed, home.name);
    const controller = new AbortController();
    const command = ['sh', '-c', 'echo > /running; busybox sleep 3600'];
    const running = kube.exec(server, { ...exec, command }, controller.signal);
    const refused = expect(running).rejects.toBe(enough);
    const look = { command: ['sh', '-c', 'test -e /running'], timeoutMs: 60_000 };
    await expect
      .poll(() => admin.exec(server, look, never), { timeout: 20_000 })
      .toMatchObject({ exitCode: 0 });
    expect(proxy.open()).toBe(1);
    controller.abort(enough);
    await refused;
    await proxy.until(() => proxy.open() === 0);
  });

  it('ends a forward, its listener and its connections', async () => {
    const { kube, proxy } = await openThroughProxy(bed, home.name);
    await expect(kube.forward(server, 8080, AbortSignal.abort(enough))).rejects.toBe(enough);
    const controller = new AbortController();
    const forward = await kube.forward(server, 8080, controller.signal);
    const socket = connect(forward.port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write('GET / HTTP/1.0\r\n');
    await proxy.until(() => proxy.open() === 1 && proxy.passed() > 0);
    controller.abort(enough);
    await proxy.until(() => socket.destroyed);
    await forward.close();
    await proxy.until(() => proxy.open() === 0);
    await expect(fetch(`http://127.0.0.1:${forward.port}`)).rejects.toThrow();
    expect(forward.problem()).toBeUndefined();
  });

  it('ends a forwarded connection that is only being made, when its client leaves', async () => {
    const { kube, proxy } = await openThroughProxy(bed, home.name);
    // Over a connection that is there, so that no limit for connecting ends it.
    await kube.version(never);
    const forward = await kube.forward(server, 8080, never);
    proxy.hold();
    const leaving = connect(forward.port, '127.0.0.1');
    await proxy.until(() => proxy.held() > 0);
    leaving.resetAndDestroy();
    await proxy.until(() => proxy.open() === 0);
    await forward.close();
  });

  it('ends a forwarded connection that is only being made, when the forward is closed', async () => {
    const { kube, proxy } = await openThroughProxy(bed, home.name);
    await kube.version(never);
    const forward = await kube.forward(server, 8080, never);
    proxy.hold();
    const staying = connect(forward.port, '127.0.0.1');
    staying.on('error', () => undefined);
    await proxy.until(() => proxy.held() > 0);
    await forward.close();
    await proxy.until(() => proxy.open() === 0);
  });

  it('ends the wait before another attempt', async () => {
    const { kube, proxy } = await openThroughProxy(bed, home.name);
    await kube.version(never);
    const controller = new AbortController();
    // The first cut makes it try again, and nothing listens any more.
    proxy.hold();
    const refused = expect(kube.version(controller.signal)).rejects.toBe(enough);
    await proxy.until(() => proxy.held() > 0);
    proxy.cut();
    controller.abort(enough);
    await refused;
    await proxy.until(() => proxy.open() === 0);
  });
});
