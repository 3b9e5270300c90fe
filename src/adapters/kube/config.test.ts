import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openKube } from './client.ts';
import { loadConfig } from './config.ts';

const { signal } = new AbortController();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-kubeconfig-'));
  vi.stubEnv('HOME', folder);
  vi.stubEnv('KUBECONFIG', '');
  vi.stubEnv('KUBERNETES_SERVICE_HOST', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

interface Part {
  readonly clusters?: Readonly<Record<string, unknown>>;
  readonly users?: Readonly<Record<string, unknown>>;
  readonly contexts?: Readonly<Record<string, unknown>>;
  readonly current?: string;
}

async function write(name: string, { clusters, users, contexts, current }: Part): Promise<string> {
  const file = join(folder, name);
  const named = (key: string, of: Readonly<Record<string, unknown>> = {}) =>
    Object.entries(of).map(([entry, value]) => ({ name: entry, [key]: value }));
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: named('cluster', clusters),
    users: named('user', users),
    contexts: named('context', contexts),
    ...(current === undefined ? {} : { 'current-context': current }),
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

const server = 'https://cluster.example.com:6443';
const shop = {
  clusters: { east: { server: `${server}/` } },
  users: { ann: { token: 'a-token-of-ann' } },
  contexts: {
    staging: { cluster: 'east', user: 'ann', namespace: 'shop' },
    production: { cluster: 'east', user: 'ann' },
  },
  current: 'staging',
};
const failure = (message: string | RegExp) => ({
  code: 'kubeconfig-invalid',
  message:
    typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
});

describe('a kubeconfig', () => {
  it('gives the target, with what flags say before what it says', async () => {
    const kubeconfig = await write('config', shop);
    const target = async (options: { context?: string; namespace?: string }) =>
      (await openKube({ kubeconfig, ...options }, signal)).target;
    const staging = { context: 'staging', server, user: 'ann', namespace: 'shop' };
    expect(await target({})).toEqual(staging);
    expect(await target({ namespace: 'other' })).toEqual({ ...staging, namespace: 'other' });
    const production = { ...staging, context: 'production', namespace: 'default' };
    expect(await target({ context: 'production' })).toEqual(production);
    await expect(openKube({ kubeconfig }, AbortSignal.abort('now'))).rejects.toBe('now');
  });

  it('is looked for where kubectl does', async () => {
    await expect(loadConfig({})).rejects.toMatchObject(failure(join(folder, '.kube/config')));
    await mkdir(join(folder, '.kube'));
    await write('.kube/config', shop);
    expect((await loadConfig({})).context.name).toBe('staging');
    vi.stubEnv('KUBECONFIG', await write('other', { ...shop, current: 'production' }));
    expect((await loadConfig({})).context.name).toBe('production');
  });

  it('may be several files, of which the first to set a name wins', async () => {
    const first = await write('first', {
      clusters: { east: { server: 'https://first.example.com' } },
      contexts: { staging: { cluster: 'east', user: 'ann' } },
    });
    const second = await write('second', { ...shop, current: 'production' });
    vi.stubEnv('KUBECONFIG', [join(folder, 'none'), first, '', second].join(':'));
    const { context, cluster, user } = await loadConfig({});
    expect([context.name, cluster.server, user?.name]).toEqual([
      'production',
      'https://first.example.com',
      'ann',
    ]);
    expect((await loadConfig({ context: 'staging' })).context.namespace).toBeUndefined();
  });

  it('has paths relative to itself', async () => {
    const kubeconfig = await write('config', {
      ...shop,
      clusters: { east: { server, 'certificate-authority': 'ca.crt' } },
      users: { ann: { tokenFile: 'token', 'client-certificate': '/absolute.crt' } },
    });
    const { cluster, user, rawUser } = await loadConfig({ kubeconfig });
    expect(cluster.caFile).toBe(join(folder, 'ca.crt'));
    expect(user?.certFile).toBe('/absolute.crt');
    expect(rawUser?.tokenFile).toBe(join(folder, 'token'));
  });

  it('that is missing, no file, or no kubeconfig is a fault', async () => {
    const kubeconfig = join(folder, 'none');
    await expect(loadConfig({ kubeconfig })).rejects.toMatchObject(failure('--kubeconfig FILE'));
    await expect(loadConfig({ kubeconfig: folder })).rejects.toMatchObject(failure('regular file'));
    await writeFile(kubeconfig, 'just words');
    await expect(loadConfig({ kubeconfig })).rejects.toMatchObject(failure('not a kubeconfig'));
    await writeFile(kubeconfig, '');
    await expect(loadConfig({ kubeconfig })).rejects.toMatchObject(failure('not a kubeconfig'));
  });

  it('that is not YAML is named by line, without what stands there', async () => {
    const kubeconfig = join(folder, 'config');
    await writeFile(kubeconfig, 'users:\n- user:\n    token: "my-secret-token\n  }: [\n');
    const error: unknown = await loadConfig({ kubeconfig }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(failure(/config, line \d: this is not YAML$/));
    expect(error).not.toHaveProperty('cause');
    expect(String(error)).not.toContain('secret');
  });

  it('names contexts near the one that is not there', async () => {
    const kubeconfig = await write('config', shop);
    await expect(loadConfig({ kubeconfig, context: 'prodution' })).rejects.toMatchObject(
      failure("no context 'prodution'; did you mean 'production'? Known: staging, production"),
    );
    await expect(loadConfig({ kubeconfig, context: 'x' })).rejects.toMatchObject(
      failure("no context 'x'. Known: staging, production"),
    );
    const none = await write('none', { clusters: shop.clusters });
    await expect(loadConfig({ kubeconfig: none })).rejects.toMatchObject(
      failure('no current context is set'),
    );
  });

  it('whose context is not whole is a fault', async () => {
    const broken = async (part: Part) => loadConfig({ kubeconfig: await write('broken', part) });
    await expect(broken({ ...shop, clusters: {} })).rejects.toMatchObject(
      failure("cluster 'east'"),
    );
    await expect(broken({ ...shop, users: {} })).rejects.toMatchObject(failure("user 'ann'"));
    for (const wrong of ['cluster.example.com', 'ftp://x', 'https://']) {
      await expect(
        broken({ ...shop, clusters: { east: { server: wrong } } }),
      ).rejects.toMatchObject(failure('no URL'));
    }
    // What nobody chose may be incomplete.
    const { context } = await broken({ ...shop, contexts: { ...shop.contexts, odd: {} } });
    expect(context.name).toBe('staging');
  });

  it('without a user is one for the anonymous', async () => {
    const contexts = { open: { cluster: 'east' } };
    const kubeconfig = await write('config', { ...shop, contexts, current: 'open' });
    expect((await openKube({ kubeconfig }, signal)).target.user).toBe('anonymous');
  });

  it('with credentials that cannot be used is a fault', async () => {
    const pem = Buffer.from('no certificate').toString('base64');
    const users = {
      ann: { 'client-certificate-data': pem, 'client-key-data': pem },
      ben: { 'client-certificate': 'none.crt', 'client-key': 'none.key' },
      eve: { token: 'two\nlines' },
    };
    const contexts = Object.fromEntries(
      Object.keys(users).map((user) => [user, { cluster: 'east', user }]),
    );
    const kubeconfig = await write('config', { ...shop, users, contexts });
    for (const context of Object.keys(users)) {
      const kube = await openKube({ kubeconfig, context }, signal);
      await expect(kube.version(signal)).rejects.toMatchObject(
        failure(`credentials of user '${context}' cannot be used`),
      );
    }
  });
});
