import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFile } from '../../../src/core/package-root.ts';
import type { RunRecord } from '../../../src/core/record.ts';
import { openAt } from '../../adapters/docker/setup.ts';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { pushLayout } from '../../systems/images.ts';
import { createYard, filesWith, obedient, shell, type Yard } from './support.ts';

const bed = await systems('engine', 'registry');
const long = { timeout: 240_000 };
const { signal } = new AbortController();

const layout = packageFile('examples/shop/build/v2/image');
/** Answers its health check and ends on SIGTERM; the service itself would want a database. */
const idle = `
  process.on("SIGTERM", () => process.exit(0));
  require("node:http").createServer((_, answer) => answer.end()).listen(8080);
`;

describe.skipIf(!bed)('a checklist that runs images', () => {
  let yard: Yard;
  let released: string;
  beforeAll(async () => {
    if (!bed) return;
    yard = await createYard(bed);
    const registry = bed('DEPLOYCHECK_TEST_REGISTRY');
    const repository = `tests/c${crypto.randomUUID().slice(0, 13)}`;
    await pushLayout(layout, registry, repository, '1');
    released = `${registry}/${repository}:1`;
    await (await openAt(yard.host)).pull(released, {}, signal);
  });
  afterAll(async () => {
    if (!bed) return;
    await (await openAt(yard.host)).removeImage(released, signal);
    await yard[Symbol.asyncDispose]();
  });

  const checklist = async (runtime: object, host = yard.host) => {
    const service = { name: 'shop', image: `oci:${layout}`, runtime };
    const config = JSON.stringify({ version: 1, services: [service] });
    await writeFile(join(yard.folder, 'deploycheck.yaml'), config);
    const { stdout, stderr } = await deploycheck(['checklist', '--format', 'json'], {
      ...{ cwd: yard.folder, env: { DOCKER_HOST: host, SHOP_TOKEN: 'a-token-of-nobody' } },
    });
    const record: RunRecord = JSON.parse(stdout);
    const item = record.items.find(({ id }) => id === 'simulation');
    return { record, item, stdout, stderr };
  };
  const quick = { settle: '700ms', grace: '2s' };
  const runs = { command: ['/usr/local/bin/node', '-e', idle], ...quick };

  it('judges what ran, of the image that is released, for item 10', long, async () => {
    const env = ['LEVEL=info', 'SHOP_TOKEN'];
    const { record, item, stdout, stderr } = await checklist({ image: released, ...runs, env });
    const of = (check: string) => record.outcomes.find((outcome) => outcome.check === check);
    expect(of('runtime/start')?.outcome, stderr).toBe('pass');
    expect(of('runtime/non-root')?.outcome).toBe('pass');
    expect(of('runtime/read-only-root')?.outcome).toBe('pass');
    expect(of('runtime/health')?.outcome).toBe('pass');
    // The engine's processes are not this machine's, and the image has no cat to look with.
    expect(of('runtime/environment')?.outcome).toBe('inconclusive');
    // There is no cluster to deploy into, and nothing wrong with the image.
    expect(item).toMatchObject({
      ...{ status: 'pending', reason: expect.stringContaining('no cluster configured') },
    });
    const names = item?.evidence.map(({ name }) => name);
    expect(names).toEqual(['runtime-shop.json', 'runtime-shop-container.json']);
    expect(stdout).not.toContain('a-token-of-nobody');
    expect(await filesWith(join(yard.folder, '.deploycheck'), 'a-token-of-nobody')).toEqual([]);
    expect(yard.left()).toEqual([]);
  });

  it('fails for what an image showed', long, async () => {
    const image = await yard.image('root', { config: shell(obedient) });
    const { item } = await checklist({ image, ...quick });
    expect(item).toMatchObject({
      ...{ status: 'fail', reason: expect.stringContaining('runs as root (uid 0)') },
    });
  });

  it('stays open for another image than the one that is released', long, async () => {
    const image = await yard.image('other', {
      config: { User: '10001:10001', ...shell(obedient) },
    });
    const { item } = await checklist({ image, ...quick });
    expect(item).toMatchObject({
      status: 'pending',
      reason: expect.stringMatching(/^what ran as .* is another image than .*their layers differ/),
    });
  });

  it('says what has to be configured, and what does not answer', long, async () => {
    expect((await checklist({})).item).toMatchObject({
      ...{ status: 'pending', reason: expect.stringContaining('services.shop.runtime.image') },
    });
    const away = await checklist({ image: released }, 'unix:///no/such.sock');
    expect(away.item).toMatchObject({
      ...{ status: 'error', reason: expect.stringContaining('no such socket') },
    });
    expect((await checklist({ image: 'no-such:1' })).item).toMatchObject({
      ...{ status: 'error', reason: expect.stringContaining('has no image no-such:1') },
    });
  });
});
