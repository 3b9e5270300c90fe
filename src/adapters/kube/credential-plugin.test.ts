import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCredentialPlugin } from './credential-plugin.ts';

const { signal } = new AbortController();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-plugin-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function plugin(...lines: string[]): Promise<void> {
  await writeFile(join(folder, 'plugin'), ['#!/bin/sh', ...lines].join('\n'));
  await chmod(join(folder, 'plugin'), 0o755);
}

const run = (exec: Readonly<Record<string, unknown>>, own = signal) =>
  runCredentialPlugin({ name: 'ann', folder, asGroups: [], exec }, own);
const command = './plugin';

describe('a credential plugin', () => {
  it('gives a token or a certificate, and how long it lasts', async () => {
    await plugin(`echo '{"status":{"token":"t","expirationTimestamp":"2030-01-01T00:00:00Z"}}'`);
    expect(await run({ command })).toEqual({ token: 't', expires: Date.UTC(2030, 0) });
    await plugin(`echo '{"status":{"clientCertificateData":"c","clientKeyData":"k"}}'`);
    expect(await run({ command })).toEqual({
      certificate: 'c',
      key: 'k',
      expires: Number.POSITIVE_INFINITY,
    });
  });

  it('that is not there is a fault with its hint', async () => {
    await expect(
      run({ command: 'no-such-plugin', installHint: 'get it\nfrom the shelf' }),
    ).rejects.toMatchObject({
      code: 'tool-missing',
      message: expect.stringMatching(/'no-such-plugin' of user 'ann'.*; get it from the shelf$/),
    });
  });

  it('that fails is a fault with its last words', async () => {
    await plugin('echo you are >&2', 'echo logged out >&2', 'exit 4');
    await expect(run({ command })).rejects.toMatchObject({
      code: 'tool-failed',
      message: "credential plugin './plugin' of user 'ann' ended with 4: you are logged out",
    });
    for (const output of ['welcome', '{}', '{"status":{"clientCertificateData":"c"}}']) {
      await plugin(`echo '${output}'`);
      await expect(run({ command })).rejects.toMatchObject({
        code: 'tool-failed',
        message: expect.stringContaining('neither a token nor a certificate'),
      });
    }
  });

  it('that cannot be asked is a fault of the kubeconfig', async () => {
    await expect(run({})).rejects.toMatchObject({ code: 'kubeconfig-invalid' });
    await expect(run({ command, interactiveMode: 'Always' })).rejects.toMatchObject({
      code: 'kubeconfig-invalid',
      message: expect.stringContaining('terminal'),
    });
  });

  it('ends with the signal', async () => {
    await plugin(`echo > ${folder}/begun`, 'exec sleep 3600');
    const controller = new AbortController();
    const running = expect(run({ command }, controller.signal)).rejects.toThrow('enough');
    await vi.waitFor(() => access(join(folder, 'begun')), { timeout: 20_000 });
    controller.abort(new Error('enough'));
    await running;
  });
});
