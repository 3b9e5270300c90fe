import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systems } from '../systems/bed.ts';
import { createNamespace } from '../systems/kubernetes.ts';

const bed = await systems('kubernetes');

describe.skipIf(!bed)('a cluster that the environment names', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is written to only when it was allowed by name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deploycheck-foreign-'));
    const kubeconfig = join(folder, 'kubeconfig');
    await cp(bed?.('KUBECONFIG') ?? '', kubeconfig);
    vi.stubEnv('KUBECONFIG', kubeconfig);
    vi.stubEnv('DEPLOYCHECK_TEST_KUBECTL', bed?.('DEPLOYCHECK_TEST_KUBECTL') ?? '');

    const refused = await createNamespace('foreign').catch((error: Error) => error.message);
    const context = /is not the test bed's own cluster; set DEPLOYCHECK_TEST_ALLOW=(\S+) /.exec(
      String(refused),
    )?.[1];
    expect(refused).toMatch(/^https:\/\/\S+ \(context \S+\) is not the test bed's own cluster/);

    vi.stubEnv('DEPLOYCHECK_TEST_ALLOW', context ?? '');
    const namespace = await createNamespace('foreign');
    await namespace[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
});
