import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RunRecord } from '../../../src/core/record.ts';
import { systems } from '../../systems/bed.ts';
import { createPodYard, namespaceOf, type PodYard } from './pods-support.ts';
import { keptAt, obedient, shell } from './support.ts';

const bed = await systems('kubernetes', 'registry');
const long = { timeout: 240_000 };

describe.skipIf(!bed)('a checklist that runs images as pods', () => {
  let yard: PodYard;
  let context: string;
  beforeAll(async () => {
    if (!bed) return;
    yard = await createPodYard(bed);
    await writeFile(
      join(yard.folder, 'settings.yaml'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { a: b }\n',
    );
    context = parse(await readFile(bed('KUBECONFIG'), 'utf8'))['current-context'];
  });
  afterAll(() => yard?.[Symbol.asyncDispose]());

  const quick = { in: 'cluster', settle: '700ms', grace: '2s' };

  const checklist = async (image: string, runtime: object, environment: object = { context }) => {
    const service = {
      ...{ name: 'shop', image, manifests: ['settings.yaml'] },
      runtime: { ...quick, ...runtime },
    };
    const environments = { test: { ...environment, namespace: 'default' } };
    const config = JSON.stringify({ version: 1, services: [service], environments });
    await writeFile(join(yard.folder, 'deploycheck.yaml'), config);
    const { stdout, stderr } = await yard.run('checklist', '--format', 'json');
    const record: RunRecord = JSON.parse(stdout);
    const item = record.items.find(({ id }) => id === 'simulation');
    const outcomeOf = (check: string) =>
      record.outcomes.find((outcome) => outcome.check === check)?.outcome;
    return { item, outcomeOf, stderr };
  };

  it('judges what ran, and leaves no namespace behind', long, async () => {
    const image = await yard.image('good', {
      config: { User: '10001:10001', ...shell(obedient) },
    });
    const { item, outcomeOf, stderr } = await checklist(image, {});
    expect(outcomeOf('runtime/start'), stderr).toBe('pass');
    expect(outcomeOf('runtime/non-root')).toBe('pass');
    expect(item, JSON.stringify(item)).toMatchObject({ status: 'pass' });
    const names = item?.evidence.map(({ name }) => name) ?? [];
    expect(names).toEqual(
      expect.arrayContaining(['runtime-shop.json', 'runtime-shop-container.json']),
    );
    const seen = join(keptAt(yard.folder, { stderr }), 'evidence/runtime-shop.json');
    expect((await namespaceOf(await readFile(seen, 'utf8'))).exists).toBe(false);
  });

  it('stays open for another image than the one that is released', long, async () => {
    const image = await yard.image('root', { config: shell(obedient) });
    const other = await yard.image('other', {
      files: [{ path: 'etc/other', content: 'other\n' }],
      config: { User: '10001:10001', ...shell(obedient) },
    });
    expect((await checklist(image, { image: other })).item).toMatchObject({
      status: 'pending',
      reason: expect.stringMatching(/^what ran as .* is another image than .*layers differ/),
    });
  });

  it('says what has to be configured', long, async () => {
    expect((await checklist('127.0.0.1:1/x:1', {}, {})).item).toMatchObject({
      ...{ status: 'pending', reason: expect.stringContaining('services.shop.runtime.in: no cl') },
    });
  });
});
