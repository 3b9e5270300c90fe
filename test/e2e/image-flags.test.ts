import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunRecord, recordSchema } from '../../src/core/record.ts';
import type { RecipeFile } from '../../src/validators/image/recipe.ts';
import { elf, type LayoutSpec, writeLayout } from '../../src/validators/image/testing.ts';
import { deploycheck } from './cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-image-flags-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const program: RecipeFile = { path: 'app/run', mode: 0o755, content: elf(62) };
const tool: RecipeFile = { path: 'usr/bin/tool', mode: 0o4755, content: elf(62) };
const settings: RecipeFile = { path: 'etc/real.conf', content: 'level = info\n' };
const link: RecipeFile = { path: 'etc/app.conf', type: 'symlink', linkname: 'real.conf' };
const base = [tool, settings];
const prefix = 'org.opencontainers.image.';
const config = {
  User: '10001',
  Entrypoint: ['/app/run'],
  Healthcheck: { Test: ['CMD', '/app/run'] },
  Labels: {
    [`${prefix}revision`]: '0',
    [`${prefix}source`]: 'https://git.example/shop',
    [`${prefix}title`]: 'shop',
    [`${prefix}version`]: '2.0.0',
  },
};

async function image(name: string, spec: Partial<LayoutSpec> = {}): Promise<void> {
  await mkdir(join(folder, name));
  await writeLayout(join(folder, name), { config, layers: [base, [program, link]], ...spec });
}

async function validate(...args: readonly string[]) {
  const all = ['validate', 'image', 'shop', '--format', 'json', ...args];
  const { exitCode, stdout, stderr } = await deploycheck(all, { cwd: folder });
  const record: RunRecord | undefined =
    stdout === '' ? undefined : recordSchema.parse(JSON.parse(stdout));
  return {
    exitCode,
    stderr,
    record,
    said: (record?.findings ?? []).map(({ check, messageId }) => `${check} ${messageId}`),
  };
}
const write = (name: string, text: string) => writeFile(join(folder, name), text);

describe('--base', () => {
  it('tells the layers of the base from those of the image', async () => {
    await image('shop');
    await image('below', { layers: [base] });
    const { record, exitCode } = await validate('--base', 'below');
    expect(exitCode).toBe(1);
    expect(record?.findings.map(({ location }) => location.origin)).toEqual([
      { layer: 1, owner: 'base', by: 'layers', base: 'below' },
    ]);
    const text = await deploycheck(['validate', 'image', 'shop', '--base', 'below'], {
      cwd: folder,
    });
    expect(text.stdout).toContain('from layer 1, base below (by its layers)');
  });

  it('says when it is not below', async () => {
    await image('shop');
    await image('below', { layers: [[settings]] });
    expect((await validate('--base', 'below')).said).toContain('image/base-image not-below');
  });

  it('lets the configuration accept what is the base’s', async () => {
    await image('shop');
    await image('below', { layers: [base] });
    const accept = (owner: string) =>
      write(
        'deploycheck.yaml',
        `version: 1\nrules:\n  suppress:\n    - { rule: image/set-id, owner: ${owner}, reason: theirs }\n`,
      );
    await accept('base');
    expect((await validate('--base', 'below')).exitCode).toBe(0);
    await accept('mine');
    expect((await validate('--base', 'below')).exitCode).toBe(1);
  });
});

describe('--against', () => {
  it('tells what is new since the release before', async () => {
    await image('shop', { config: { ...config, ExposedPorts: { '9090/tcp': {} } } });
    await image('before', { layers: [[settings], [program, link]] });
    const { said, exitCode } = await validate('--against', 'before');
    expect(exitCode).toBe(1);
    expect(said).toEqual(
      expect.arrayContaining(['image/regression new-rights', 'image/regression new-port']),
    );
  });

  it('is silent where nothing is', async () => {
    await image('shop');
    const { said } = await validate('--against', 'shop');
    expect(said).toEqual(['image/set-id setuid']);
  });

  it('ends when the release before is not there', async () => {
    await image('shop');
    expect(await validate('--against', 'oci:gone')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('gone'),
    });
  });
});

describe('--structure', () => {
  const tests = (level: string) => `schemaVersion: "2.0.0"
fileContentTests:
- name: settings, by a link
  path: /etc/app.conf
  expectedContents: ['^level = ${level}\\n$']
`;

  it('reads the file that a link leads to', async () => {
    await image('shop', { layers: [[settings], [program, link]] });
    await write('good.yaml', tests('info'));
    expect(await validate('--structure', 'good.yaml')).toMatchObject({ exitCode: 0, said: [] });
    await write('bad.yaml', tests('debug'));
    const { exitCode, record } = await validate(
      '--structure',
      'good.yaml',
      '--structure',
      'bad.yaml',
    );
    expect(exitCode).toBe(1);
    expect(record?.findings).toMatchObject([
      { check: 'image/structure', messageId: 'no-match', location: { file: 'bad.yaml', line: 5 } },
    ]);
  });

  it('leaves open what wants a container', async () => {
    await image('shop', { layers: [[program]] });
    await write('tests.yaml', 'schemaVersion: "2.0.0"\ncommandTests: [{name: a, command: b}]\n');
    const { exitCode, record } = await validate('--structure', 'tests.yaml');
    expect(exitCode).toBe(3);
    expect(record?.notExamined).toMatchObject([{ what: 'tests.yaml: command test a' }]);
  });

  it('ends with a file that is none', async () => {
    await image('shop');
    await write('tests.yaml', 'schemaVersion: "2.0.0"\nfileContentsTests: []\n');
    const { exitCode, stderr } = await validate('--structure', 'tests.yaml');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('fileContentsTests');
  });
});

it('takes a preset', async () => {
  await image('shop', { layers: [[{ ...program, uid: 10001 }]] });
  expect((await validate()).said).toEqual([]);
  expect((await validate('--preset', 'recommended')).said).toEqual([
    'image/replaceable-program program',
  ]);
});
