import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dockerfileOf } from '../../dockerfile/testing.ts';
import { checks } from '../../registry.ts';
import { ruleSettings } from '../../settings.ts';
import { examine } from '../testing.ts';
import { readHadolintFile } from './find-hadolint-file.ts';
import { understood } from './hadolint-file.ts';
import { withHadolint } from './with-hadolint.ts';

const read = (text: string) => understood(text, '.hadolint.yaml');
const only = checks.filter(({ appliesTo }) => appliesTo === 'dockerfile').map(({ id }) => id);
const settings = (text: string) =>
  withHadolint(ruleSettings({ preset: 'default' }, checks), read(text), checks);

async function judged(file: string, dockerfile: string) {
  const hadolint = read(file);
  return examine(dockerfileOf(dockerfile), { only, sources: { hadolint } });
}

describe('.hadolint.yaml', () => {
  it('leaves out what it ignores, wherever it is found, and only that', async () => {
    const file = 'ignored:\n  - DL3006\n  - SC2164\n';
    const text = 'FROM debian\nRUN cd /x; make\nFROM debian:latest\nRUN a | b\n';
    const { suppressed, left, said } = await judged(file, text);
    expect(suppressed.map((one) => one.split(' ')[0])).toEqual([
      'dockerfile/base-image-tag',
      'dockerfile/shell-cd',
    ]);
    expect(left).toEqual(['dockerfile/base-image-tag ', 'dockerfile/pipefail ']);
    expect(said.map((one) => one.split(' ')[0])).toEqual(['reasonless']);
  });

  it('says what it ignores in vain', async () => {
    const file = 'ignored: [DL1001, DL9999, SC9999, SC1091]\n';
    const { said } = await judged(file, 'FROM debian:13\n');
    expect(said.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual([
      'no-counterpart 1:11',
      'unknown-check 1:19',
      'no-counterpart 1:27',
      'no-counterpart 1:35',
    ]);
  });

  it('changes levels, of single messages, too', () => {
    const changed = settings(
      'override:\n  error: [DL3007, DL4006]\n  warning: [DL3000]\n  info: [DL3025]\n  style:\n    - DL3015\n',
    );
    const of = (rule: string) => changed[`dockerfile/${rule}`]?.severities;
    expect(of('base-image-tag')).toEqual({ latest: 'error' });
    expect(of('pipefail')).toEqual({ pipe: 'error' });
    expect(of('relative-workdir')).toEqual({ unanchored: 'warning', relative: 'warning' });
    expect(of('exec-form')).toEqual({ shell: 'info' });
    expect(of('package-recommends')).toEqual({ recommends: 'info' });
  });

  it('names registries and labels for the rules that ask for them', () => {
    const text =
      'trustedRegistries:\n  - docker.io\n  - "*.example.com"\nlabel-schema:\n  version: semver\nstrict-labels: true\n';
    const changed = settings(text);
    expect(changed['dockerfile/base-image-registry']?.options).toEqual({
      allow: ['docker.io', '*.example.com'],
    });
    expect(changed['dockerfile/label-schema']?.options).toEqual({
      labels: { version: 'semver' },
      strict: true,
    });
    expect(settings('trustedRegistries: docker.io\n')['dockerfile/base-image-registry']).toEqual(
      expect.objectContaining({ options: { allow: ['docker.io'] } }),
    );
  });

  it('has not the last word before deploycheck.yaml', () => {
    const options = { 'dockerfile/base-image-registry': { allow: ['ghcr.io'] } };
    const own = ruleSettings({ preset: 'default', options }, checks);
    const merged = withHadolint(own, read('trustedRegistries: docker.io\n'), checks);
    expect(merged['dockerfile/base-image-registry']?.options).toEqual({ allow: ['ghcr.io'] });
  });

  it.each([
    ['error', 'error'],
    ['style', 'info'],
    ['ignore', 'info'],
    ['none', 'none'],
  ])('takes the threshold %s as %s', (level, expected) => {
    expect(read(`failure-threshold: ${level}\n`).threshold).toBe(expected);
  });

  it('makes comments for hadolint deaf, and leaves those of others', async () => {
    const text =
      '# hadolint ignore=DL3006\nFROM debian\n# deploycheck-ignore dockerfile/pipefail -- why\nRUN a | b\n';
    const { left, suppressed } = await judged('disable-ignore-pragma: true\n', text);
    expect(left).toEqual(['dockerfile/base-image-tag ']);
    expect(suppressed).toEqual(['dockerfile/pipefail  comment']);
  });

  it('takes an empty file, and keys of versions to come', () => {
    expect(read('').problem).toBeUndefined();
    expect(read('format: json\nno-color: true\nignored: null\nnew-key: 1\n')).toMatchObject({
      suppressions: [],
      notes: [],
    });
  });

  it.each([
    ['ignored: DL3006\n', 'ignored', 1, 10],
    ['override:\n  error: {a: b}\n', 'override.error', 2, 10],
    ['failure-threshold: high\n', 'failure-threshold', 1, 20],
    ['label-schema: {a: number}\n', 'label-schema.a', 1, 19],
    ['a: [\n', '', 2, 1],
  ])('of %j says what is wrong and where', (text, key, line, column) => {
    expect(read(text).problem).toEqual({
      text: expect.stringContaining(key),
      location: { file: '.hadolint.yaml', line, column },
    });
  });

  it('is read from a folder, by either ending', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deploycheck-hadolint-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    expect(await readHadolintFile(folder)).toBeUndefined();
    await writeFile(join(folder, '.hadolint.yml'), 'ignored: [DL3006]\n');
    expect((await readHadolintFile(folder))?.suppressions).toHaveLength(1);
    await writeFile(join(folder, '.hadolint.yaml'), 'ignored: []\n');
    expect((await readHadolintFile(folder))?.suppressions).toHaveLength(0);
  });
});
