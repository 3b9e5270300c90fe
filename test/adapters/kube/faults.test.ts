import { createPrivateKey, sign } from 'node:crypto';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openKube } from '../../../src/adapters/kube/client.ts';
import type { Kube } from '../../../src/adapters/kube/kube.ts';
import { createRedactor } from '../../../src/core/redact.ts';
import { systems } from '../../systems/bed.ts';
import { first } from '../../systems/fault-proxy.ts';
import {
  assertWritable,
  createNamespace,
  forgetHistory,
  kubectl,
  type TestNamespace,
} from '../../systems/kubernetes.ts';
import {
  accepted,
  all,
  configMap,
  configMaps,
  createKind,
  kubeconfig,
  never,
  openAdmin,
  openFaulty,
  openThroughProxy,
  statusBody,
} from './setup.ts';

const bed = await systems('kubernetes', 'registry');

describe.skipIf(!bed)('faults', () => {
  let home: TestNamespace;
  let admin: Kube;

  beforeAll(async () => {
    home = await createNamespace('faults');
    admin = await openAdmin(bed, home.name);
  });
  afterAll(async () => {
    admin?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const opened = async (
    change: Parameters<typeof kubeconfig>[1],
    register?: (s: string) => void,
  ) => {
    const file = await kubeconfig(bed, change);
    const kube = await openKube({ kubeconfig: file, ...(register ? { register } : {}) }, never);
    onTestFinished(() => kube.close());
    return kube;
  };
  const fault = async (kube: Kube) => {
    const error: unknown = await kube.version(never).catch((thrown: unknown) => thrown);
    if (!(error instanceof Error)) throw new Error('this went well');
    expect(error.message).not.toContain('\n');
    return error;
  };

  describe('of the connection', () => {
    it('nobody listens, no such host', async () => {
      await using proxied = await nobody();
      const refused = await opened(({ clusters }) => {
        for (const { cluster } of clusters) cluster.server = `https://127.0.0.1:${proxied.port}`;
      });
      expect(await fault(refused)).toMatchObject({
        code: 'cluster-unreachable',
        message: expect.stringMatching(
          /^https:\/\/127\.0\.0\.1:\d+ \(context .+\) refused the connection.*GET \/version/,
        ),
      });
      const unknown = await opened(({ clusters }) => {
        for (const { cluster } of clusters) cluster.server = 'https://no-such-host.invalid:6443';
      });
      expect(await fault(unknown)).toMatchObject({
        code: 'cluster-unreachable',
        message: expect.stringContaining('does not resolve'),
      });
    });

    it('another certificate authority, another name', async () => {
      // The controller manager signs its own.
      const pki = join(dirname(bed?.('KUBECONFIG') ?? ''), 'pki');
      const pem = await readFile(join(pki, 'kube-controller-manager.crt'));
      const other = await opened(({ clusters }) => {
        for (const { cluster } of clusters) {
          cluster['certificate-authority-data'] = pem.toString('base64');
        }
      });
      expect(await fault(other)).toMatchObject({
        code: 'cluster-unreachable',
        message: expect.stringContaining('that the kubeconfig does not trust'),
      });
      const name = await opened(({ clusters }) => {
        for (const { cluster } of clusters) cluster['tls-server-name'] = 'other.example.com';
      });
      expect(await fault(name)).toMatchObject({
        code: 'cluster-unreachable',
        message: expect.stringContaining('for another name'),
      });
      const right = await opened(({ clusters }) => {
        for (const { cluster } of clusters) cluster['tls-server-name'] = 'kubernetes.default.svc';
      });
      expect(await right.version(never)).toMatchObject({ major: 1 });
      const unchecked = await opened(({ clusters }) => {
        for (const { cluster } of clusters) {
          delete cluster['certificate-authority-data'];
          cluster['insecure-skip-tls-verify'] = true;
        }
      });
      expect(await unchecked.version(never)).toMatchObject({ major: 1 });
    });

    it('something that is no API server', async () => {
      await using babbler = await nobody((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
      const kube = await opened(({ clusters }) => {
        for (const { cluster } of clusters) cluster.server = `https://127.0.0.1:${babbler.port}`;
      });
      expect(await fault(kube)).toMatchObject({
        code: 'cluster-unreachable',
        message: expect.stringContaining('does not speak TLS'),
      });
      const plain = await opened(({ clusters }) => {
        for (const { cluster } of clusters) cluster.server = `http://127.0.0.1:${babbler.port}`;
      });
      expect(await fault(plain)).toMatchObject({
        code: 'cluster-unreachable',
        message: expect.stringContaining('check that it is a Kubernetes API server'),
      });
    });

    it('through an HTTP proxy that the kubeconfig names', async () => {
      const tunnels: string[] = [];
      const through = createHttpServer();
      through.on('connect', (request, socket) => {
        tunnels.push(String(request.url));
        const { hostname, port } = new URL(`tcp://${request.url}`);
        const upstream = connect(Number(port), hostname, () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          upstream.pipe(socket).pipe(upstream);
        });
        for (const end of [upstream, socket]) end.on('error', () => undefined);
        socket.once('close', () => upstream.destroy());
      });
      through.listen(0, '127.0.0.1');
      await once(through, 'listening');
      onTestFinished(() => void through.close());
      const kube = await opened(({ clusters }) => {
        for (const { cluster } of clusters)
          cluster['proxy-url'] = `http://127.0.0.1:${portOf(through)}`;
      });
      expect(await kube.version(never)).toMatchObject({ major: 1 });
      // Another protocol on the same way.
      const options = { command: ['true'], timeoutMs: 60_000 };
      expect(await kube.exec({ name: 'nobody' }, options, never)).toMatchObject({
        outcome: 'refused',
        status: { code: 404 },
      });
      expect(tunnels.length).toBeGreaterThan(0);
      expect(new Set(tunnels)).toEqual(new Set([new URL(admin.target.server).host]));
    });

    it('broken in the middle, which a read survives', async () => {
      const { kube, faults } = await openFaulty(bed, home.name);
      faults.play(first(2, 'reset'));
      expect(await kube.version(never)).toMatchObject({ major: 1 });
      faults.play(first(2, { truncateAt: 40 }));
      expect(await kube.version(never)).toMatchObject({ major: 1 });
      faults.play(first(5, 'reset'));
      expect(await fault(kube)).toMatchObject({
        code: 'cluster-unreachable',
        message: expect.stringContaining('broke the connection'),
      });
    });

    it('broken in the middle, after which a create is not repeated', async () => {
      const { kube, faults } = await openFaulty(bed, home.name);
      await kube.resourceFor(configMaps, never);
      faults.play(first(1, { truncateAt: 10 }, /^POST/));
      const object = { ...configMaps, metadata: { generateName: 'once-' } };
      await expect(kube.create(object, {}, never)).rejects.toMatchObject({
        code: 'cluster-unreachable',
      });
      expect(faults.requests.filter(({ line }) => line.startsWith('POST'))).toHaveLength(1);
      const made = (await all(admin.list(configMaps, { namespace: home.name }, never))).filter(
        ({ metadata }) => metadata.name.startsWith('once-'),
      );
      expect(made).toHaveLength(1);
    });

    it('lost while a log is read', async () => {
      const { kube, proxy } = await openThroughProxy(bed, home.name);
      proxy.hold();
      const reading = expect(kube.logs({ name: 'any' }, {}, never)).rejects.toMatchObject({
        code: 'cluster-unreachable',
      });
      await proxy.until(() => proxy.held() > 0);
      proxy.cut();
      await reading;
    });
  });

  describe('of the server', () => {
    const busy = (code: number) => ({
      ...statusBody(code, code === 429 ? 'TooManyRequests' : 'ServiceUnavailable', 'be patient'),
      headers: { 'content-type': 'application/json', 'retry-after': '0' },
    });

    it.each([429, 500, 502, 503, 504])('%i, then well', async (code) => {
      const { kube, faults } = await openFaulty(bed, home.name);
      await kube.resourceFor(configMaps, never);
      faults.play(first(4, busy(code)));
      const object = configMap(home.name, `patient-${code}`);
      accepted(await kube.apply(object, {}, never));
      expect(faults.acts()).toBe(4);
      faults.play(first(4, busy(code)));
      expect(await kube.get({ ...configMaps, name: `patient-${code}` }, never)).toBeDefined();
      expect(faults.acts()).toBe(8);
    });

    it('for ever', async () => {
      const { kube, faults } = await openFaulty(bed, home.name);
      faults.play(first(100, busy(503)));
      expect(await fault(kube)).toMatchObject({
        code: 'cluster-failed',
        message: expect.stringMatching(/answered 503 to GET \/version: be patient$/),
      });
      expect(faults.acts()).toBe(5);
    });

    it('a create is repeated after 429, which did nothing, and not after 503', async () => {
      const { kube, faults } = await openFaulty(bed, home.name);
      await kube.resourceFor(configMaps, never);
      faults.play(first(2, busy(429), /^POST/));
      accepted(await kube.create(configMap(home.name, 'busy'), {}, never));
      expect(faults.acts()).toBe(2);
      faults.play(first(2, busy(503), /^POST/));
      await expect(kube.create(configMap(home.name, 'busier'), {}, never)).rejects.toMatchObject({
        code: 'cluster-failed',
      });
      expect(faults.acts()).toBe(3);
      expect(await admin.get({ ...configMaps, name: 'busier' }, never)).toBeUndefined();
    });

    it('answers that are no JSON', async () => {
      const { kube, faults } = await openFaulty(bed, home.name);
      faults.play(first(1, { answer: 200, body: '<html>welcome</html>' }));
      expect(await fault(kube)).toMatchObject({ code: 'cluster-failed' });
      faults.play(first(1, { answer: 404, body: '<html>\nnot here</html>' }));
      expect(await fault(kube)).toMatchObject({ code: 'cluster-failed' });
      faults.play(first(1, { answer: 403, body: '<html>\nnot you</html>' }));
      expect(await fault(kube)).toMatchObject({
        code: 'cluster-denied',
        message: expect.stringContaining('<html> not you</html>'),
      });
    });

    it('a list that the server forgets is begun again, without doubles', async () => {
      // A kind of its own: the server has nothing of it in memory from before it was made.
      await using widgets = await createKind(`forgotten-${home.name}.example.com`);
      const kind = { apiVersion: widgets.apiVersion, kind: widgets.kind };
      const { kube, faults } = await openFaulty(bed, home.name);
      const items = Array.from({ length: 10 }, (_, at) => ({
        ...kind,
        metadata: { name: `forgotten-${at}`, namespace: home.name, labels: { forget: 'yes' } },
      }));
      const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
      await kubectl(['create', '-f', '-'], list);
      await forgetHistory();
      let restarts = 0;
      // The server's own 410: a token of a version that it no longer has.
      faults.play((incoming) => {
        const token = /(?<=continue=)[^&]+/.exec(incoming.url ?? '')?.[0];
        if (token === undefined || restarts > 0) return undefined;
        restarts++;
        const inside = JSON.parse(Buffer.from(decodeURIComponent(token), 'base64url').toString());
        const old = Buffer.from(JSON.stringify({ ...inside, rv: 1 })).toString('base64url');
        incoming.url = incoming.url?.replace(token, old) ?? '';
        return undefined;
      });
      const options = { namespace: home.name, labelSelector: 'forget=yes', pageSize: 3 };
      const names = (await all(kube.list(kind, options, never))).map(
        ({ metadata }) => metadata.name,
      );
      expect(restarts).toBe(1);
      expect(names).toEqual(items.map(({ metadata }) => metadata.name));
      // Four pages, and the first of the list that was forgotten, and the page that was refused.
      expect(faults.requests.filter(({ line }) => line.includes('limit=3'))).toHaveLength(6);
      const gone = statusBody(410, 'Expired', 'too old');
      faults.play(({ url = '' }) => (url.includes('continue=') ? gone : undefined));
      await expect(all(kube.list(kind, options, never))).rejects.toMatchObject({
        code: 'cluster-failed',
        message: expect.stringContaining('410'),
      });
    });

    it('a kind that is no longer served', async () => {
      const { kube, faults } = await openFaulty(bed, home.name);
      await kube.resourceFor(configMaps, never);
      const gone = statusBody(404, 'NotFound', 'the server could not find the requested resource');
      faults.play(({ url = '' }) => (url.includes('/configmaps') ? gone : undefined));
      expect(await all(kube.list(configMaps, {}, never))).toEqual([]);
      expect(await kube.get({ ...configMaps, name: 'one' }, never)).toBeUndefined();
      await expect(all(kube.watch(configMaps, {}, never))).rejects.toMatchObject({
        code: 'cluster-failed',
        message: expect.stringContaining('no longer serves ConfigMap'),
      });
    });

    it('a selector that cannot be read', async () => {
      const options = { labelSelector: '!!', namespace: home.name };
      await expect(all(admin.list(configMaps, options, never))).rejects.toMatchObject({
        code: 'cluster-failed',
        message: expect.stringContaining('unable to parse requirement'),
      });
      await expect(all(admin.watch(configMaps, options, never))).rejects.toMatchObject({
        code: 'cluster-failed',
      });
    });
  });

  describe('of credentials', () => {
    const withUser = (user: Record<string, unknown>) =>
      opened(({ users }) => {
        for (const one of users) one.user = user;
      });

    it('a token nobody gave out, and none', async () => {
      const token = 'not-a-token-of-this-cluster';
      const wrong = await fault(await withUser({ token }));
      expect(wrong).toMatchObject({
        code: 'cluster-denied',
        message: expect.stringContaining('does not accept the credentials of user'),
      });
      expect(wrong.message).not.toContain(token);
      await expect(
        all(admin.asServiceAccount(token).watch(configMaps, {}, never)),
      ).rejects.toMatchObject({ code: 'cluster-denied' });
      await expect(
        admin
          .asServiceAccount(token)
          .exec({ name: 'x' }, { command: ['x'], timeoutMs: 60_000 }, never),
      ).rejects.toMatchObject({ code: 'cluster-denied' });
      const anonymous = await withUser({});
      const ref = { apiVersion: 'v1', kind: 'Node', name: 'node1' };
      await expect(anonymous.get(ref, never)).rejects.toMatchObject({ code: 'cluster-denied' });
    });

    it('a token that has expired', async () => {
      const key = createPrivateKey(
        await readFile(join(dirname(bed?.('KUBECONFIG') ?? ''), 'pki/sa.key')),
      );
      const issued = accepted(
        await admin.token({ name: 'default' }, { expirationSeconds: 600 }, never),
      );
      const [head = '', claims = ''] = issued.token.split('.');
      const resigned = (change: Record<string, unknown>) => {
        const body = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), ...change };
        const payload = `${head}.${Buffer.from(JSON.stringify(body)).toString('base64url')}`;
        const signature = sign('sha256', Buffer.from(payload), { key, dsaEncoding: 'ieee-p1363' });
        return `${payload}.${signature.toString('base64url')}`;
      };
      const now = Math.floor(Date.now() / 1000);
      // The same in every other way, so that its age is what it is refused for.
      expect(await admin.asServiceAccount(resigned({})).version(never)).toMatchObject({ major: 1 });
      const old = resigned({ iat: now - 7200, nbf: now - 7200, exp: now - 3600 });
      const expired = await fault(admin.asServiceAccount(old));
      expect(expired).toMatchObject({ code: 'cluster-denied' });
      expect(expired.message).toContain(`system:serviceaccount:${home.name}:default`);
      expect(expired.message).not.toContain(old);
    });

    it('a token of a file is read each time, and kept out of messages', async () => {
      const issued = accepted(
        await admin.token({ name: 'default' }, { expirationSeconds: 600 }, never),
      );
      const redact = createRedactor();
      const file = await kubeconfig(bed, ({ users }) => {
        for (const one of users) one.user = { tokenFile: 'token' };
      });
      const tokenFile = join(dirname(file), 'token');
      await writeFile(tokenFile, `${issued.token}\n`);
      const kube = await openKube({ kubeconfig: file, register: redact.register }, never);
      onTestFinished(() => kube.close());
      const question = { verb: 'get', resource: 'pods' };
      expect(await kube.can(question, never)).toMatchObject({ allowed: false });
      expect(redact(`token ${issued.token}.`)).toBe('token [redacted].');
      await writeFile(tokenFile, 'another one');
      await expect(kube.can(question, never)).rejects.toMatchObject({ code: 'cluster-denied' });
      await writeFile(tokenFile, '');
      await expect(kube.can(question, never)).rejects.toMatchObject({ code: 'kubeconfig-invalid' });
    });

    it('of somebody else, with their groups', async () => {
      const who = async (user: Record<string, unknown>) => {
        const kube = await opened(({ users }) => {
          for (const one of users) one.user = { ...one.user, ...user };
        });
        const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
        return accepted(await kube.create(review, {}, never)).object.status;
      };
      expect(await who({})).toMatchObject({ userInfo: { username: 'admin' } });
      expect(await who({ as: 'ann', 'as-uid': '7', 'as-groups': ['red', 'green'] })).toEqual({
        userInfo: {
          username: 'ann',
          uid: '7',
          groups: ['red', 'green', 'system:authenticated'],
        },
      });
    });

    it('of a plugin, which is asked again when they are refused', async () => {
      const issued = accepted(
        await admin.token({ name: 'default' }, { expirationSeconds: 600 }, never),
      );
      const file = await kubeconfig(bed, ({ users }) => {
        const exec = {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: './plugin',
          args: ['one argument'],
          env: [{ name: 'PLUGIN_SAYS', value: 'token' }],
          interactiveMode: 'IfAvailable',
        };
        for (const one of users) one.user = { exec };
      });
      const folder = dirname(file);
      const plugin = join(folder, 'plugin');
      const script = [
        '#!/bin/sh',
        `printf '%s|%s|%s\\n' "$1" "$PLUGIN_SAYS" "$KUBERNETES_EXEC_INFO" >> ${folder}/calls`,
        // Its input is at its end.
        'cat',
        `cat ${folder}/answer`,
      ];
      await writeFile(plugin, script.join('\n'));
      await chmod(plugin, 0o755);
      const answer = (status: object) =>
        writeFile(
          join(folder, 'answer'),
          JSON.stringify({
            apiVersion: 'client.authentication.k8s.io/v1',
            kind: 'ExecCredential',
            status,
          }),
        );
      const calls = async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
      const kube = await openKube({ kubeconfig: file }, never);
      onTestFinished(() => kube.close());
      const question = { verb: 'get', resource: 'pods' };

      await answer({ token: issued.token });
      await Promise.all([kube.can(question, never), kube.can(question, never)]);
      await kube.can(question, never);
      expect(await calls()).toEqual([
        'one argument|token|{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":false}}',
      ]);
      // A credential that ends is asked for anew; one that is refused, once.
      await answer({ token: 'refused', expirationTimestamp: new Date(Date.now() + 60_000) });
      const second = await openKube({ kubeconfig: file }, never);
      onTestFinished(() => second.close());
      await expect(second.can(question, never)).rejects.toMatchObject({ code: 'cluster-denied' });
      expect(await calls()).toHaveLength(3);
      await answer({ token: issued.token, expirationTimestamp: new Date(Date.now() - 1000) });
      await second.can(question, never);
      await second.can(question, never);
      expect(await calls()).toHaveLength(5);
      // A certificate does as well.
      const { users } = JSON.parse(await readFile(bed?.('KUBECONFIG') ?? '', 'utf8'));
      const pem = (name: string) => Buffer.from(users[0].user[name], 'base64').toString();
      await answer({
        clientCertificateData: pem('client-certificate-data'),
        clientKeyData: pem('client-key-data'),
      });
      expect(await second.can(question, never)).toMatchObject({ allowed: true });
    });

    it('nothing is proved over plain HTTP', async () => {
      await using listener = await nobody(async (socket) => {
        socket.end(`HTTP/1.1 200 OK\r\n\r\n${JSON.stringify({ seen: await head(socket) })}`);
      });
      const kube = await opened(({ clusters, users }) => {
        for (const { cluster } of clusters) cluster.server = `http://127.0.0.1:${listener.port}`;
        for (const one of users) one.user = { token: 'a-very-secret-token' };
      });
      const answer = JSON.stringify(await kube.raw('/x?y=1', never));
      expect(answer).toContain('GET /x?y=1');
      expect(answer).not.toContain('secret');
    });
  });

  it('the tests’ own: a cluster that is not the bed’s is left alone', async () => {
    await expect(assertWritable()).resolves.toBeUndefined();
    const file = await kubeconfig(bed);
    const named = process.env.KUBECONFIG;
    onTestFinished(() => {
      if (named === undefined) delete process.env.KUBECONFIG;
      else process.env.KUBECONFIG = named;
      delete process.env.DEPLOYCHECK_TEST_ALLOW;
    });
    process.env.KUBECONFIG = file;
    process.env.DEPLOYCHECK_TEST_KUBECTL ??= bed?.('DEPLOYCHECK_TEST_KUBECTL');
    await expect(createNamespace('refused')).rejects.toThrow(
      `set DEPLOYCHECK_TEST_ALLOW=${admin.target.context}`,
    );
    process.env.DEPLOYCHECK_TEST_ALLOW = admin.target.context;
    await expect(assertWritable()).resolves.toBeUndefined();
  });
});

async function head(socket: Socket): Promise<string> {
  const [data] = await once(socket, 'data');
  return String(data);
}

/** A listener of no use, and its port; it refuses when it is not told what to do. */
async function nobody(meet?: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    meet?.(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  if (meet === undefined) server.close();
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

function portOf(server: Pick<Server, 'address'>): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
