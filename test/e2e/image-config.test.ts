import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunRecord, recordSchema } from '../../src/core/record.ts';
import type { RecipeFile } from '../../src/validators/image/recipe.ts';
import { elf, type LayoutSpec, writeLayout } from '../../src/validators/image/testing.ts';
import { hasTool } from '../systems/tools.ts';
import { deploycheck, newKey } from './cli.ts';

/** What `validate image` is told by flags, a checklist is told by its configuration. */
let folder: string;

const program: RecipeFile = { path: 'app/run', mode: 0o755, content: elf(62) };
const tool: RecipeFile = { path: 'usr/bin/tool', mode: 0o4755, content: elf(62) };
const config = { User: '10001', Entrypoint: ['/app/run'] };

const image = async (name: string, spec: Partial<LayoutSpec>) => {
  await mkdir(join(folder, name), { recursive: true });
  await writeLayout(join(folder, name), { config, layers: [], ...spec });
};
const write = (name: string, text: string) => writeFile(join(folder, name), text);
const configure = (lines: readonly string[], shop = 'shop') =>
  write(
    'deploycheck.yaml',
    ['version: 1', 'services:', '  - name: shop', `    image: oci:${shop}`, ...lines, ''].join(
      '\n',
    ),
  );
const structure = (user: string) => `schemaVersion: 2.0.0\nmetadataTest: { user: "${user}" }\n`;

async function checklist() {
  const result = await deploycheck(['checklist', '--format', 'json'], { cwd: folder });
  const record: RunRecord = recordSchema.parse(JSON.parse(result.stdout));
  return {
    ...{ ...result, record },
    item: record.items.find(({ id }) => id === 'images'),
    said: record.findings.map(({ check, messageId }) => `${check} ${messageId}`),
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-image-config-'));
  await image('below', { layers: [[tool]] });
  await image('shop', {
    config: { ...config, ExposedPorts: { '9090/tcp': {} } },
    layers: [[tool], [program]],
  });
  await image('plain', { layers: [[program]] });
  await image('before', { layers: [[tool], [program]] });
  await write('tests.yaml', structure('10001'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a service names beside its image', () => {
  it('nothing, and neither rule is run', async () => {
    await configure([]);
    const { record, said } = await checklist();
    expect(said.filter((one) => /regression|structure/.test(one))).toEqual([]);
    expect(record.inputs.map(({ kind }) => kind)).toEqual(['config', 'image']);
    expect(record.findings.map(({ location }) => location.origin?.owner)).not.toContain('base');
  });

  it('base, release before and tests, and the record shows what they tell', async () => {
    await configure([
      '    base: oci:below',
      '    against: oci:before',
      '    structure: [tests.yaml]',
    ]);
    const { record, said } = await checklist();
    expect(said).toContain('image/regression new-port');
    expect(said.filter((one) => one.startsWith('image/structure'))).toEqual([]);
    expect(record.outcomes).toContainEqual(
      expect.objectContaining({ check: 'image/structure', outcome: 'pass' }),
    );
    expect(record.findings.find(({ check }) => check === 'image/set-id')?.location.origin).toEqual(
      expect.objectContaining({ owner: 'base', by: 'layers', base: 'oci:below' }),
    );
    expect(record.inputs.map(({ kind, source }) => `${kind} ${source}`)).toEqual([
      'config deploycheck.yaml',
      'image oci:shop',
      'baseImage oci:below',
      'earlierImage oci:before',
      'structureTests tests.yaml',
    ]);
  });

  it('tests that fail, which fail the item', async () => {
    await write('wrong.yaml', structure('0'));
    await configure(['    structure: [tests.yaml]'], 'plain');
    expect((await checklist()).item?.status).not.toBe('fail');
    await configure(['    structure: [wrong.yaml]'], 'plain');
    const { item, said } = await checklist();
    expect(said).toContain('image/structure metadata');
    expect(item).toMatchObject({ status: 'fail', reason: expect.stringContaining('wrong.yaml:2') });
  });

  it.each([
    ['structure: [gone.yaml]', 'gone.yaml: no such file'],
    ['base: oci:gone', 'the base: gone'],
    ['against: oci:gone', 'the release before: gone'],
  ])('%s, which is not there, and the item says so', async (line, reason) => {
    await configure([`    ${line}`]);
    expect((await checklist()).item).toMatchObject({
      status: 'error',
      reason: expect.stringContaining(reason),
    });
  });

  it('an empty list, which is a mistake', async () => {
    await configure(['    structure: []']);
    const { exitCode, stderr } = await deploycheck(['checklist'], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('services.0.structure: expected at least one file');
  });
});

it.skipIf(!hasTool('ssh-keygen'))(
  'what an image was compared with is part of the release',
  async () => {
    const { line } = await newKey(folder, 'alice', ['release']);
    await write('allowed_signers', line);
    await configure(['    against: oci:before', '    structure: [tests.yaml]']);
    await checklist();
    const verify = () =>
      deploycheck(['verify', 'last', '--trust', 'allowed_signers'], { cwd: folder });
    expect((await verify()).stderr).not.toContain('changed since');
    await write('tests.yaml', structure('1.*'));
    expect((await verify()).stderr).toContain(
      'changed since: tests.yaml structureTests was sha256:',
    );
    await write('tests.yaml', structure('10001'));
    await image('before', { layers: [[program]] });
    expect((await verify()).stderr).toContain('changed since: oci:before earlierImage was sha256:');
  },
);
