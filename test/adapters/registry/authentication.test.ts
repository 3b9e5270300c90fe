import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Digest } from '../../../src/core/digest.ts';
import { redactionMark } from '../../../src/core/redact.ts';
import { systems } from '../../systems/bed.ts';
import { faultProxy } from '../../systems/fault-proxy.ts';
import {
  basicRegistry,
  identityToken,
  password,
  repository,
  tokenRegistry,
  tokenServer,
  username,
} from './private-registry.ts';
import { bytesOf, login, named, openRegistry, temporaryFolder } from './setup.ts';

const bed = await systems('registry');
const { signal } = new AbortController();
const stack = new AsyncDisposableStack();
const basic = bed && stack.use(await basicRegistry());
const tokens = bed && stack.use(await tokenServer());
const bearer = tokens && stack.use(await tokenRegistry(tokens));
afterAll(() => stack[Symbol.asyncDispose]());

/** A program that answers as a credential helper does, on PATH until the test is over. */
async function helper(name: string, script: string): Promise<void> {
  const folder = await temporaryFolder();
  const file = join(folder, `docker-credential-${name}`);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}

const helperFor = (user: string, secret: string) =>
  `[ "$1" = get ] && server=$(cat) && printf '{"ServerURL":"%s","Username":"${user}","Secret":"${secret}"}' "$server"`;

describe.skipIf(!bed)('a registry that asks for a password', () => {
  const address = basic?.address ?? '';
  const image = named(address, repository, { tag: '1' });

  it.each([
    ['as docker login stores it', login(address, username, password)],
    [
      'under an address as old versions wrote it',
      login(`http://${address}/v1/`, username, password),
    ],
    ['in plain fields', { auths: { [address]: { username, password } } }],
  ])('gets the one of config.json, %s', async (_, config) => {
    const { registry, redact } = await openRegistry(config);
    expect(await registry.resolve(image, signal)).toMatchObject({ digest: basic?.digest });
    expect(redact(`${password}|${btoa(`${username}:${password}`)}`)).toBe(
      `${redactionMark}|${redactionMark}`,
    );
  });

  it.each([
    ['of the registry', { credHelpers: { [address]: 'tests' } }],
    ['of all registries', { credsStore: 'tests' }],
  ])('gets the one of the helper %s', async (_, config) => {
    await helper('tests', helperFor(username, password));
    const { registry } = await openRegistry(config);
    expect(await registry.resolve(image, signal)).toMatchObject({ digest: basic?.digest });
  });

  it.each([
    ['no file', undefined, /config\.json, which does not exist/],
    ['none for the host', login('other.example', 'x', 'y'), /config\.json, which has none for it/],
    ['a wrong one', login(address, username, 'another password'), /config\.json$/],
    ['a helper that is gone', { credsStore: 'gone' }, /docker-credential-gone \(not on PATH\)/],
    ['a helper of a strange name', { credsStore: '../x' }, /a helper of no possible name/],
  ])('refuses with %s', async (_, config, message) => {
    const { registry } = await openRegistry(config);
    const asking = registry.manifest(image, signal);
    await expect(asking).rejects.toMatchObject({
      code: 'registry-denied',
      message: expect.stringMatching(message),
    });
    await expect(asking).rejects.toThrow(`${address} refuses ${repository} (401)`);
    await expect(asking).rejects.not.toThrow('another password');
  });

  it('refuses with a helper that knows nothing, and the message says where was looked', async () => {
    await helper('empty', 'echo "credentials not found in native keychain"; exit 1');
    const { registry } = await openRegistry({ credsStore: 'empty' });
    await expect(registry.resolve(image, signal)).rejects.toMatchObject({
      code: 'registry-denied',
      message: expect.stringMatching(/docker-credential-empty and .*config\.json/),
    });
  });

  it('is asked with the password once it is known, and another host never sees it', async () => {
    const manifest = await (
      await openRegistry(login(address, username, password))
    ).registry.manifest(image, signal);
    const [layer] = JSON.parse(Buffer.from(manifest?.bytes ?? '').toString()).layers;
    const elsewhere = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';
    await using other = await faultProxy(elsewhere, () => ({ answer: 200, body: 'a stored blob' }));
    await using front = await faultProxy(address, ({ url }) =>
      url?.includes('/blobs/')
        ? { answer: 307, headers: { location: `http://${other.address}/stored?signature=abc` } }
        : undefined,
    );
    const { registry } = await openRegistry(login(front.address, username, password));
    const at = named(front.address, repository, { tag: '1' });
    await registry.resolve(at, signal);
    const blob = await registry.blob(at, { ...layer, size: undefined }, signal);
    await expect(bytesOf(blob)).rejects.toMatchObject({ code: 'registry-failed' });

    const sent = front.requests.map(({ headers }) => headers.authorization?.split(' ')[0]);
    expect(sent).toEqual([undefined, 'Basic', 'Basic']);
    expect(other.requests.map(({ line }) => line)).toEqual(['GET /stored?signature=abc']);
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
  });
});

describe.skipIf(!bed)('a registry that asks for a token', () => {
  const address = bearer?.address ?? '';
  const image = named(address, repository, { tag: '1' });

  it('gets one for the user, and the same one again for the next requests', async () => {
    const before = tokens?.asked.length ?? 0;
    const { registry, redact } = await openRegistry(login(address, username, password));
    const manifest = await registry.manifest(image, signal);
    expect(manifest).toMatchObject({ digest: basic?.digest });
    if (!manifest) throw new Error('no manifest');
    expect(await registry.config(image, manifest, signal)).toBeDefined();
    expect(tokens?.asked.slice(before)).toEqual([username]);
    expect(tokens?.scopes.at(-1)).toBe(`repository:${repository}:pull`);
    expect(redact(`got ${tokens?.given.at(-1)}`)).toBe(`got ${redactionMark}`);
  });

  it('gets one for an identity token, of the file or of a helper', async () => {
    await helper('identity', helperFor('<token>', identityToken));
    for (const config of [
      { auths: { [address]: { identitytoken: identityToken } } },
      { credsStore: 'identity' },
    ]) {
      const { registry, redact } = await openRegistry(config);
      expect(await registry.resolve(image, signal)).toMatchObject({ digest: bearer?.digest });
      expect(tokens?.asked.at(-1)).toBe('identity token');
      expect(redact(identityToken)).toBe(redactionMark);
    }
  });

  it('refuses who has no name, and asks for no more than one token', async () => {
    const before = tokens?.asked.length ?? 0;
    const { registry, configFile } = await openRegistry();
    await expect(registry.resolve(image, signal)).rejects.toMatchObject({
      code: 'registry-denied',
      message: expect.stringContaining(configFile),
    });
    expect(tokens?.asked.slice(before)).toEqual(['anonymous']);
  });

  it('refuses who gets no token', async () => {
    const { registry } = await openRegistry(login(address, username, 'another password'));
    await expect(registry.resolve(image, signal)).rejects.toMatchObject({
      code: 'registry-denied',
      message: expect.stringMatching(/gives no token for 127\.0\.0\.1:\d+ \(401\)/),
    });
  });

  it('is refreshed when a token is no longer taken', async () => {
    const { registry } = await openRegistry(login(address, username, password));
    await registry.resolve(image, signal);
    const before = tokens?.asked.length ?? 0;
    const challenge = `Bearer realm="${tokens?.realm}",service="${tokens?.service}"`;
    let refusals = 1;
    await using front = await faultProxy(address, () =>
      refusals-- > 0 ? { answer: 401, headers: { 'www-authenticate': challenge } } : undefined,
    );
    const own = await openRegistry(login(front.address, username, password));
    const at = named(front.address, repository, { tag: '1' });
    refusals = 0;
    await own.registry.resolve(at, signal);
    refusals = 1;
    expect(await own.registry.resolve(at, signal)).toMatchObject({ digest: bearer?.digest });
    expect(tokens?.asked.slice(before)).toEqual([username, username]);
  });

  it.each<[string, string, RegExp]>([
    ['an endless token', 'x'.repeat(100_000), /more than 65536 bytes/],
    ['no token', '{}', /without a token/],
    ['a token that is none', '{"token":"a b\\r\\nx: y"}', /without a token/],
  ])('fails with %s', async (_, body, message) => {
    if (!tokens) return;
    tokens.answer = (answer) => answer.end(body);
    onTestFinished(() => {
      tokens.answer = undefined;
    });
    const { registry } = await openRegistry();
    await expect(registry.resolve(image, signal)).rejects.toMatchObject({
      code: 'registry-failed',
      message: expect.stringMatching(message),
    });
  });

  it('ends at once when aborted before the token comes', async () => {
    if (!tokens) return;
    const held = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    tokens.answer = (answer) => {
      answer.once('close', gone.resolve);
      held.resolve();
    };
    onTestFinished(() => {
      tokens.answer = undefined;
    });
    const controller = new AbortController();
    const { registry } = await openRegistry();
    const asking = registry.resolve(image, controller.signal);
    await held.promise;
    controller.abort(new Error('enough'));
    await expect(asking).rejects.toThrow('enough');
    await gone.promise;
  });

  it('may name no place that nobody may listen at', async () => {
    for (const realm of ['http://tokens.example/', 'file:///etc/passwd', '']) {
      await using front = await faultProxy(address, () => ({
        answer: 401,
        headers: { 'www-authenticate': `Bearer realm="${realm}"` },
      }));
      const { registry } = await openRegistry(login(front.address, username, password));
      const digest = bearer?.digest as Digest;
      const asking = registry.manifest(named(front.address, repository, { digest }), signal);
      await expect(asking).rejects.toMatchObject({
        code: 'registry-failed',
        message: expect.stringMatching(/names no place to get a token from/),
      });
    }
  });
});
