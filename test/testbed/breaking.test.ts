import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systems } from '../systems/bed.ts';
import { pushTestImage } from '../systems/images.ts';
import { createNamespace, kubectl } from '../systems/kubernetes.ts';
import { type OtherBed, otherBed } from '../systems/other-bed.ts';
import { canDelay, impairPod } from '../systems/pod-network.ts';
import { killedServer, pauseServer } from '../systems/servers.ts';

const bed = await systems('kubernetes', 'registry', 'postgres');
const deadline = { timeout: 30_000, interval: 100 };

describe.skipIf(!bed)('a server of a bed', () => {
  let other: OtherBed;
  let url: string;
  beforeAll(async () => {
    other = await otherBed();
    const { stdout } = await other.testbed(['up', '--only', 'postgres']);
    url = /DEPLOYCHECK_TEST_POSTGRES='(.*)'/.exec(stdout)?.[1] ?? '';
  });
  afterAll(() => other[Symbol.asyncDispose]());

  const answer = async (timeoutMs: number) => {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: timeoutMs });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query('select 1 as one')).rows;
    } finally {
      await client.end();
    }
  };

  it('hangs while it is paused, and goes on', async () => {
    expect(await answer(10_000)).toEqual([{ one: 1 }]);
    {
      await using _ = await pauseServer(other.bed, 'postgres', 'postgres');
      await expect(answer(500)).rejects.toThrow(/timeout/);
    }
    expect(await answer(10_000)).toEqual([{ one: 1 }]);
  });

  it('is gone when it was killed, and starts again with its data', async () => {
    {
      await using _ = await killedServer(other.bed, 'postgres', 'postgres');
      await expect(answer(10_000)).rejects.toThrow(/ECONNREFUSED/);
      expect((await other.testbed(['status'])).stdout).toMatch(/postgres +broken +ended: postgres/);
    }
    await vi.waitFor(async () => expect(await answer(10_000)).toEqual([{ one: 1 }]), deadline);
    expect((await other.testbed(['status'])).stdout).toMatch(/postgres +up/);
  });
});

describe.skipIf(!bed)('the network of one pod', () => {
  let namespace: Awaited<ReturnType<typeof createNamespace>>;
  const inNamespace = (...args: string[]) => kubectl(['--namespace', namespace.name, ...args]);
  beforeAll(async () => {
    const registry = bed?.('DEPLOYCHECK_TEST_REGISTRY') ?? '';
    await pushTestImage(registry, 'network', '1');
    namespace = await createNamespace('network');
    const serve = 'mkdir -p /tmp && echo hello > /tmp/index.html && exec httpd -f -p 8080 -h /tmp';
    for (const name of ['near', 'far']) {
      await inNamespace('run', name, `--image=${registry}/network:1`, '--', 'sh', '-c', serve);
    }
    await inNamespace('wait', '--for=condition=Ready', 'pod', '--all', '--timeout=60s');
  });
  afterAll(() => namespace?.[Symbol.asyncDispose]());

  const field = (pod: string, path: string) =>
    inNamespace('get', 'pod', pod, '--output', `jsonpath={${path}}`);
  const page = async (pod: string) => {
    const address = await field(pod, '.status.podIP');
    const signal = AbortSignal.timeout(1000);
    // A new connection: one that is open already would not meet a new rule at once.
    const response = await fetch(`http://${address}:8080/index.html`, {
      signal,
      headers: { connection: 'close' },
    });
    return response.text();
  };
  const container = (pod: string) => field(pod, '.status.containerStatuses[0].containerID');

  it('loses packets, and no other pod does', async () => {
    {
      await using _ = await impairPod(await container('near'), { lossPercent: 100 });
      await expect(page('near')).rejects.toThrow();
      expect(await page('far')).toBe('hello\n');
    }
    expect(await page('near')).toBe('hello\n');
  });

  it('is held to a rate', async () => {
    await using _ = await impairPod(await container('near'), { rateKbit: 256 });
    expect(await page('near')).toBe('hello\n');
    await expect(impairPod(await container('near'), { rateKbit: 0 })).rejects.toThrow(/qdisc/);
  });

  it('is delayed where the kernel can, and says so where it cannot', async () => {
    const id = await container('far');
    if (await canDelay(id)) {
      await using _ = await impairPod(id, { delayMs: 20 });
      expect(await page('far')).toBe('hello\n');
    } else {
      await expect(impairPod(id, { delayMs: 20 })).rejects.toThrow(/qdisc kind is unknown/);
    }
  });
});
