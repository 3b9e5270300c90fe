import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecResult, Kube } from '../../../src/adapters/kube/kube.ts';
import { systems } from '../../systems/bed.ts';
import {
  createNamespace,
  kubectl,
  type TestNamespace,
  testImage,
} from '../../systems/kubernetes.ts';
import { accepted, never, openAdmin, openThroughProxy, pod } from './setup.ts';

const bed = await systems('kubernetes', 'registry');

describe.skipIf(!bed)('pods', () => {
  let home: TestNamespace;
  let kube: Kube;

  beforeAll(async () => {
    home = await createNamespace('pods');
    kube = await openAdmin(bed, home.name);
    const image = await testImage(bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '');
    const serve =
      'mkdir /www; echo hello > /www/index.html; cd /www; echo ready; exec httpd -f -p 8080';
    const say = 'for n in 1 2 3 4 5; do echo line $n; done; exit 3';
    for (const object of [
      pod(home.name, 'server', image, ['sh', '-c', serve]),
      pod(home.name, 'talker', image, ['sh', '-c', say]),
      pod(home.name, 'slow', image, ['sh', '-c', 'while :; do echo tick; busybox sleep 1; done']),
    ]) {
      accepted(await kube.apply(object, {}, never));
    }
    await inHome('wait', '--for=condition=Ready', 'pod/server', 'pod/slow', '--timeout=90s');
    await inHome('wait', '--for=jsonpath={.status.phase}=Failed', 'pod/talker', '--timeout=90s');
  });
  afterAll(async () => {
    kube?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const inHome = (...args: string[]) => kubectl(['--namespace', home.name, ...args]);
  const server = { name: 'server' };
  const talker = { name: 'talker' };
  const run = (command: readonly string[], stdin?: string | Uint8Array, timeoutMs = 60_000) =>
    kube.exec(server, { command, timeoutMs, ...(stdin === undefined ? {} : { stdin }) }, never);
  const ran = (result: ExecResult) => {
    if (result.outcome !== 'ok') throw new Error(JSON.stringify(result));
    return result;
  };

  describe('logs', () => {
    const lines = async (options: Parameters<Kube['logs']>[1]) =>
      text(accepted(await kube.logs(talker, options, never)).stream);

    it('are what kubectl prints', async () => {
      expect(await lines({})).toBe(await inHome('logs', 'talker'));
      expect(await lines({ tailLines: 2 })).toBe('line 4\nline 5\n');
      expect(await lines({ limitBytes: 9 })).toBe('line 1\nli');
      expect(await lines({ container: 'main', follow: true })).toBe(await lines({}));
      expect(await lines({ timestamps: true })).toMatch(/^\d{4}-\d\d-\d\dT\S+Z line 1\n/);
      expect(await lines({ sinceTime: '2100-01-01T00:00:00Z' })).toBe('');
    });

    it('come as they are written when followed', async () => {
      const { stream } = accepted(await kube.logs({ name: 'slow' }, { follow: true }, never));
      let ticks = 0;
      for await (const part of stream) {
        ticks += String(part).split('tick').length - 1;
        if (ticks > 3) break;
      }
      expect(stream.destroyed).toBe(true);
    });

    it('that cannot be had are refused', async () => {
      expect(await kube.logs({ name: 'nobody' }, {}, never)).toMatchObject({
        outcome: 'refused',
        status: { code: 404, reason: 'NotFound' },
      });
      const wrong = await kube.logs(talker, { container: 'other' }, never);
      expect(wrong).toMatchObject({ outcome: 'refused', status: { code: 400 } });
      const previous = await kube.logs(talker, { previous: true }, never);
      expect(previous).toMatchObject({
        outcome: 'refused',
        status: { code: 400, message: expect.stringContaining('previous terminated container') },
      });
    });
  });

  describe('exec', () => {
    it('gives exit code and both outputs apart', async () => {
      expect(await run(['sh', '-c', 'echo out; echo err >&2; exit 7'])).toEqual({
        outcome: 'ok',
        exitCode: 7,
        stdout: 'out\n',
        stderr: 'err\n',
        truncated: false,
      });
      expect(ran(await run(['echo', 'two  words', '$HOME', "it's"])).stdout).toBe(
        "two  words $HOME it's\n",
      );
      expect(ran(await run(['sh', '-c', 'kill -9 $$'])).exitCode).toBe(137);
    });

    it('hands over stdin to its end', async () => {
      const bytes = 'ünïcode and a long text '.repeat(20_000);
      const result = ran(await run(['cat'], bytes));
      expect(result.exitCode).toBe(0);
      expect(result.stdout).toBe(bytes);
      expect(ran(await run(['cat'], '')).stdout).toBe('');
      // A command that does not read its input ends all the same.
      const unread = await run(['sh', '-c', 'exit 4'], new Uint8Array(1000));
      expect(ran(unread).exitCode).toBe(4);
    });

    it('keeps the beginning of a long output', async () => {
      const result = await kube.exec(
        server,
        {
          command: ['sh', '-c', 'busybox yes 0123456789 | busybox head -c 3000000; echo end >&2'],
          timeoutMs: 60_000,
          maxOutputBytes: 25,
        },
        never,
      );
      expect(result).toMatchObject({
        outcome: 'ok',
        exitCode: 0,
        stdout: '0123456789\n0123456789\n012',
        stderr: 'end\n',
        truncated: true,
      });
    });

    it('ends at its deadline with what was said', async () => {
      // The deadline begins before the command does, so what is said in time is found out by trying.
      let timeoutMs = 500;
      const attempt = () => {
        timeoutMs *= 2;
        return run(['sh', '-c', 'echo begun; busybox sleep 3600'], undefined, timeoutMs);
      };
      await expect
        .poll(attempt, { timeout: 30_000 })
        .toEqual({ outcome: 'timed-out', stdout: 'begun\n', stderr: '', truncated: false });
    });

    it.each(['reset', 'end'] as const)(
      'does not hang when the connection is lost by %s',
      async (how) => {
        const proxied = await openThroughProxy(bed, home.name);
        await proxied.kube.version(never);
        const before = proxied.proxy.accepted();
        const running = proxied.kube.exec(
          server,
          {
            command: ['sh', '-c', `echo > /www/lost-${how}; busybox sleep 3600`],
            timeoutMs: 120_000,
          },
          never,
        );
        const lost = expect(running).rejects.toMatchObject({ code: 'cluster-unreachable' });
        await expect
          .poll(async () => ran(await run(['sh', '-c', `test -e /www/lost-${how}`])).exitCode)
          .toBe(0);
        expect(proxied.proxy.accepted()).toBeGreaterThanOrEqual(before);
        proxied.proxy.cut(how);
        await lost;
      },
    );

    it('is refused where there is nothing to run in', async () => {
      const options = { command: ['true'], timeoutMs: 60_000 };
      expect(await kube.exec({ name: 'nobody' }, options, never)).toMatchObject({
        outcome: 'refused',
        status: { code: 404, message: 'pods "nobody" not found' },
      });
      const wrong = await kube.exec(server, { ...options, container: 'other' }, never);
      expect(wrong).toMatchObject({ outcome: 'refused', status: { code: 400 } });
    });

    it('says so when the command does not exist', async () => {
      await expect(run(['no-such-program'])).rejects.toMatchObject({
        code: 'cluster-failed',
        message: expect.stringContaining('no-such-program'),
      });
    });
  });

  describe('forward', () => {
    it('carries several connections, one after the other and side by side', async () => {
      const forward = await kube.forward(server, 8080, never);
      const ask = async () => (await fetch(`http://127.0.0.1:${forward.port}/`)).text();
      expect(await ask()).toBe('hello\n');
      expect(await Promise.all(Array.from({ length: 8 }, ask))).toEqual(Array(8).fill('hello\n'));
      expect(forward.problem()).toBeUndefined();
      await forward.close();
      await expect(ask()).rejects.toThrow();
    });

    it('carries much in both directions, byte for byte', async () => {
      const listen = run(['sh', '-c', 'nc -l -p 9000 -e cat'], undefined, 120_000);
      const forward = await kube.forward(server, 9000, never);
      await expect
        .poll(async () => ran(await run(['busybox', 'netstat', '-ltn'])).stdout, {
          timeout: 20_000,
        })
        .toContain(':9000');
      const socket = connect(forward.port, '127.0.0.1');
      const sent = Buffer.alloc(5_000_000, 'abcdefghijklmnopqrstuvwxyz.');
      let received = 0;
      let differs = false;
      socket.on('data', (data) => {
        differs ||= !sent.subarray(received, received + data.length).equals(data);
        received += data.length;
        if (received === sent.length) socket.destroy();
      });
      socket.write(sent);
      await once(socket, 'close');
      expect({ received, differs }).toEqual({ received: sent.length, differs: false });
      await forward.close();
      ran(await listen);
    });

    /** A listener in the pod that hands its connection to a command, until it is told to end. */
    const listener = async (port: number, ...command: string[]) => {
      const nc = ['nc', '-l', '-p', String(port), '-e', 'busybox', ...command];
      const running = run(nc, undefined, 120_000);
      await expect
        .poll(async () => ran(await run(['busybox', 'netstat', '-ltn'])).stdout, {
          timeout: 20_000,
        })
        .toContain(`:${port}`);
      return {
        async [Symbol.asyncDispose]() {
          await run(['busybox', 'killall', 'busybox', 'nc']);
          await running;
        },
      };
    };
    /** Far above what sockets hold between here and the pod. */
    const most = 200_000_000;
    /** Milliseconds without progress that count as waiting; a slow machine only ends the test early. */
    const stallMs = 2000;

    it('waits when the pod does not read', async () => {
      await using _nobody = await listener(9001, 'sleep', '3600');
      const forward = await kube.forward(server, 9001, never);
      const socket = connect(forward.port, '127.0.0.1');
      socket.on('error', () => undefined);
      const part = Buffer.alloc(1_000_000);
      let taken = 0;
      for (; taken < most; taken += part.length) {
        if (socket.write(part)) continue;
        const drained = await Promise.race([once(socket, 'drain'), delay(stallMs)]);
        if (!drained) break;
      }
      expect(taken).toBeLessThan(most);
      socket.destroy();
      await forward.close();
    });

    it('waits when its client does not read', async () => {
      await using _endless = await listener(9002, 'yes');
      const proxied = await openThroughProxy(bed, home.name);
      const forward = await proxied.kube.forward(server, 9002, never);
      const socket = connect(forward.port, '127.0.0.1').pause();
      socket.on('error', () => undefined);
      await proxied.proxy.until(() => proxied.proxy.passed() > 1_000_000);
      for (let before = 0; before !== proxied.proxy.passed() && before < most; ) {
        before = proxied.proxy.passed();
        await delay(stallMs);
      }
      expect(proxied.proxy.passed()).toBeLessThan(most);
      socket.destroy();
      await forward.close();
    });

    it('survives a port nobody listens on, and says why', async () => {
      const forward = await kube.forward(server, 4, never);
      for (const _ of [1, 2]) {
        const socket = connect(forward.port, '127.0.0.1');
        socket.on('error', () => undefined).resume();
        await once(socket, 'close');
      }
      expect(forward.problem()).toMatch(/refused/);
      await forward.close();
      const nobody = await kube.forward({ name: 'nobody' }, 80, never);
      await expect(fetch(`http://127.0.0.1:${nobody.port}/`)).rejects.toThrow();
      expect(nobody.problem()).toBe('pods "nobody" not found');
      await nobody.close();
    });
  });
});
