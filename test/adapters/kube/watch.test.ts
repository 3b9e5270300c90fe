import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Kube } from '../../../src/adapters/kube/kube.ts';
import { systems } from '../../systems/bed.ts';
import type { Script } from '../../systems/fault-proxy.ts';
import { createNamespace, type TestNamespace } from '../../systems/kubernetes.ts';
import {
  accepted,
  all,
  configMap,
  configMaps,
  createKind,
  never,
  openAdmin,
  openFaulty,
  openThroughProxy,
  readEvents,
  statusBody,
} from './setup.ts';

const bed = await systems('kubernetes', 'registry');

describe.skipIf(!bed)('a watch', () => {
  let home: TestNamespace;
  let admin: Kube;

  beforeAll(async () => {
    admin = await openAdmin(bed);
  });
  beforeEach(async () => {
    home = await createNamespace('watch');
  });
  afterEach(() => home[Symbol.asyncDispose]());
  afterAll(() => admin?.close());

  const set = async (name: string, value = '1') => {
    const object = {
      ...configMap(home.name, name, { value }),
      metadata: { name, namespace: home.name, labels: { seen: 'yes' } },
    };
    return accepted(await admin.apply(object, {}, never)).object;
  };
  const remove = (name: string) =>
    admin.remove({ ...configMaps, namespace: home.name, name }, {}, never);
  const watched = (kube: Kube) =>
    kube.watch(configMaps, { namespace: home.name, labelSelector: 'seen=yes' }, never);
  const count = (number: number) => (seen: readonly string[]) => seen.length === number;

  it('gives what is there, says so, and goes on with what changes', async () => {
    await set('a');
    await set('b');
    const events = watched(admin)[Symbol.asyncIterator]();
    expect(await readEvents(events, count(3))).toEqual(['added a', 'added b', 'synced']);
    const written = await set('c');
    expect(await events.next()).toEqual({ done: false, value: { type: 'added', object: written } });
    await set('a', '2');
    await remove('b');
    expect(await readEvents(events, count(2))).toEqual(['modified a', 'deleted b']);
    // Leaving the selection is the same as going.
    const body = { metadata: { labels: null } };
    accepted(
      await admin.patch(
        { ...configMaps, namespace: home.name, name: 'c' },
        { type: 'merge', body },
        {},
        never,
      ),
    );
    expect(await readEvents(events, count(1))).toEqual(['deleted c']);
    await events.return?.();
  });

  it('goes on where it was when the connection breaks', async () => {
    const { kube, proxy } = await openThroughProxy(bed);
    await set('a');
    const events = watched(kube)[Symbol.asyncIterator]();
    await readEvents(events, (seen) => seen.includes('synced'));
    for (const round of ['1', '2', '3']) {
      const next = readEvents(events, count(3));
      proxy.cut();
      await set(`b${round}`);
      proxy.cut();
      await set('a', `changed ${round}`);
      proxy.cut();
      await remove(`b${round}`);
      expect(await next).toEqual([`added b${round}`, 'modified a', `deleted b${round}`]);
    }
    await events.return?.();
  });

  it('comes back after the server was away', async () => {
    const { kube, proxy } = await openThroughProxy(bed);
    const events = watched(kube)[Symbol.asyncIterator]();
    await readEvents(events, (seen) => seen.includes('synced'));
    const next = readEvents(events, count(1));
    await proxy.refuse();
    await set('a');
    const before = proxy.accepted();
    await proxy.heal();
    expect(await next).toEqual(['added a']);
    expect(proxy.accepted()).toBeGreaterThan(before);
    await events.return?.();
  });

  it('says so when the server stays away', async () => {
    const { kube, proxy } = await openThroughProxy(bed);
    const events = watched(kube)[Symbol.asyncIterator]();
    await readEvents(events, (seen) => seen.includes('synced'));
    const next = expect(events.next()).rejects.toMatchObject({ code: 'cluster-unreachable' });
    await proxy.refuse();
    await next;
  });

  const isWatch = /[?&]watch=true/;
  const goneStatus = statusBody(410, 'Expired', 'too old resource version: 1 (2)');
  /** What becomes of the first watch after the gap. */
  const gone: Record<string, Script> = {
    // The server has seen nothing of this kind at the version before the kind was made.
    'from the server itself': (incoming) => {
      incoming.url = incoming.url?.replace(/(?<=[?&]resourceVersion=)\d+/, '1') ?? '';
      return undefined;
    },
    'as a status': () => goneStatus,
    'as the only event of a stream': () => ({
      answer: 200,
      headers: { 'content-type': 'application/json' },
      body: `${JSON.stringify({ type: 'ERROR', object: JSON.parse(goneStatus.body) })}\n`,
    }),
  };

  it.each(Object.entries(gone))(
    'lists again after 410 %s, and gives what differs',
    async (_, act) => {
      await using kind = await createKind(`${home.name}.example.com`);
      const { kube, proxy, faults } = await openFaulty(bed);
      const widget = (name: string, size: number) => ({
        apiVersion: kind.apiVersion,
        kind: kind.kind,
        metadata: { name, namespace: home.name },
        spec: { size },
      });
      const make = async (name: string, size = 1) =>
        accepted(await admin.apply(widget(name, size), {}, never));
      const drop = async (name: string) =>
        accepted(await admin.remove({ ...widget(name, 1), name, namespace: home.name }, {}, never));
      for (const name of ['kept', 'changed', 'removed', 'made-anew']) await make(name);
      const events = kube.watch(kind, { namespace: home.name }, never)[Symbol.asyncIterator]();
      await readEvents(events, (seen) => seen.includes('synced'));

      // While nobody can look, everything happens.
      const next = readEvents(events, count(5));
      faults.play(({ url = '' }) => (isWatch.test(url) ? 'reset' : undefined));
      await faults.until(() => faults.requests.some(({ line }) => isWatch.test(line)));
      proxy.cut();
      await make('changed', 2);
      for (const name of ['removed', 'made-anew']) await drop(name);
      for (const name of ['made-anew', 'new']) await make(name);
      let met = 0;
      const lists = () =>
        faults.requests.filter(({ line }) => /widgets\?.*limit=/.test(line)).length;
      const listsBefore = lists();
      faults.play((incoming) =>
        isWatch.test(incoming.url ?? '') && met++ === 0 ? act(incoming) : undefined,
      );
      expect((await next).sort()).toEqual([
        'added made-anew',
        'added new',
        'deleted made-anew',
        'deleted removed',
        'modified changed',
      ]);
      expect(lists()).toBe(listsBefore + 1);
      // From there on it is a watch again.
      await drop('new');
      expect(await readEvents(events, count(1))).toEqual(['deleted new']);
      expect(lists()).toBe(listsBefore + 1);
      await events.return?.();
    },
  );

  it('leaves no connection behind when its reader breaks off', async () => {
    const { kube, proxy } = await openThroughProxy(bed);
    let before = 0;
    for await (const event of watched(kube)) {
      if (event.type === 'added') break;
      before = proxy.open();
      await set('a');
    }
    await proxy.until(() => proxy.open() === before - 1);
  });

  it('refuses to watch what is not served', async () => {
    const events = admin.watch({ apiVersion: 'v1', kind: 'Nothing' }, {}, never);
    await expect(all(events)).rejects.toMatchObject({
      code: 'cluster-failed',
      message: expect.stringContaining('serves no Nothing in v1'),
    });
  });

  it('holds no more than its reader takes', async () => {
    const { kube, proxy } = await openThroughProxy(bed);
    const events = watched(kube)[Symbol.asyncIterator]();
    await readEvents(events, (seen) => seen.includes('synced'));
    const before = proxy.passed();
    // Each change is about 200 KB; far more than sockets and streams hold between them.
    const value = 'x'.repeat(200_000);
    for (let at = 0; at < 200; at++) await set('large', `${value}${at}`);
    expect(proxy.passed() - before).toBeLessThan(30_000_000);
    const seen = await readEvents(events, count(200));
    expect(seen[0]).toBe('added large');
    expect(new Set(seen.slice(1))).toEqual(new Set(['modified large']));
    await events.return?.();
  });
});
