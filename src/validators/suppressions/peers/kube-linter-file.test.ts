import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifestSetOf } from '../../manifest/load.ts';
import { podWith } from '../../manifest/testing.ts';
import { examine } from '../testing.ts';
import { readKubeLinterFile } from './find-kube-linter-file.ts';
import { understood } from './kube-linter-file.ts';

const folder = '/srv/shop';
const podSpec = 'hostPID: true\nhostNetwork: true';
const pods = (...paths: readonly string[]) =>
  manifestSetOf(
    paths.map((path, index) => ({
      path,
      bytes: Buffer.from(podWith('', podSpec).replace('name: web', `name: web-${index}`)),
    })),
  );

async function suppressed(text: string, ...paths: readonly string[]) {
  const kubeLinter = understood(text, '.kube-linter.yaml', folder);
  const { run, said } = await examine(pods(...(paths.length > 0 ? paths : ['web.yaml'])), {
    sources: { kubeLinter },
    only: ['manifest/host-namespaces'],
  });
  return {
    places: (run.suppressed ?? []).map(
      ({ finding: { location } }) => `${location.file} ${location.path}`,
    ),
    said: said.map((line) => line.split(' ').slice(0, 2).join(' ')),
    enabled: kubeLinter.enabled,
    reasons: [...new Set((run.suppressed ?? []).map(({ reason }) => reason))],
  };
}

describe('what the configuration of kube-linter excludes', () => {
  it.each<[string, string, readonly string[], readonly string[]]>([
    [
      'is suppressed',
      'checks:\n  exclude: [host-pid]\n',
      ['web.yaml spec.hostPID'],
      ['reasonless 2:13'],
    ],
    [
      'is suppressed whatever is included',
      'checks:\n  include: [host-pid]\n  exclude: [host-pid]\n',
      ['web.yaml spec.hostPID'],
      ['reasonless 3:13'],
    ],
    [
      'may have no counterpart, or not be there',
      'checks:\n  exclude:\n    - hpa-maximum-replicas\n    - hpa-maximum\n',
      [],
      ['no-counterpart 3:7', 'unknown-check 4:7'],
    ],
    [
      'may be a check of its own',
      'customChecks:\n  - { name: mine, template: required-label }\nchecks:\n  exclude: [mine]\n',
      [],
      ['no-counterpart 4:13'],
    ],
    [
      'is nothing where only the default checks are left out',
      'checks:\n  doNotAutoAddDefaults: true\n',
      [],
      [],
    ],
    ['is nothing in an empty file', '', [], []],
  ])('%s', async (_, text, places, said) => {
    const seen = await suppressed(text);
    expect([seen.places, seen.said]).toEqual([places, said]);
  });

  it('has the file for a reason', async () => {
    const { reasons } = await suppressed('checks: { exclude: [host-pid] }\n');
    expect(reasons).toEqual(['exclude of .kube-linter.yaml, no reason given']);
  });
});

describe('paths that kube-linter ignores', () => {
  const inHome = relative(folder, join(homedir(), 'old/web.yaml'));

  it.each([
    ['a folder', 'vendor', ['vendor/a/web.yaml'], ['vendors/web.yaml', 'web.yaml']],
    ['a folder with a slash', 'vendor/', ['vendor/web.yaml'], ['web.yaml']],
    ['a file', 'deploy/web.yaml', ['deploy/web.yaml'], ['deploy/api.yaml']],
    ['a pattern', 'deploy/**/test-*.yaml', ['deploy/a/test-b.yaml'], ['deploy/a/b.yaml']],
    ['a folder beside', '../other', ['../other/web.yaml'], ['other/web.yaml']],
    ['an absolute path', '/srv/shop/old', ['old/web.yaml'], ['web.yaml']],
    ['a folder of the person', '~/old', [inHome], ['old/web.yaml']],
  ])('may be %s', async (_, pattern, ignored, looked) => {
    const text = `checks:\n  ignorePaths: ["${pattern}"]\n`;
    const { places } = await suppressed(text, ...ignored, ...looked);
    expect([...new Set(places.map((place) => place.split(' ')[0]))]).toEqual(ignored);
  });
});

it('includes rules of its checks, but for those that it excludes', async () => {
  const { enabled, said } = await suppressed(
    'checks:\n  include: [latest-tag, no-readiness-probe, hpa-maximum-replicas]\n  exclude: [latest-tag]\n',
  );
  expect(enabled).toEqual(['manifest/readiness-probe']);
  expect(said).toEqual(['no-counterpart 2:45']);
});

it('includes no rule that would ask more than its check, or something else', async () => {
  const { enabled, said } = await suppressed(
    'checks:\n  include: [run-as-non-root, priority-class-name]\n',
  );
  expect(enabled).toEqual(['manifest/run-as-non-root']);
  expect(said).toEqual(['no-counterpart 2:30']);
});

describe('the file', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'deploycheck-kube-linter-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('is looked for under both names', async () => {
    expect(await readKubeLinterFile(root)).toBeUndefined();
    await writeFile(join(root, '.kube-linter.yml'), 'checks: { exclude: [host-pid] }\n');
    expect((await readKubeLinterFile(root))?.file).toBe('.kube-linter.yml');
    await writeFile(join(root, '.kube-linter.yaml'), 'checks: {}\n');
    expect(await readKubeLinterFile(root)).toMatchObject({
      file: '.kube-linter.yaml',
      suppressions: [],
    });
  });

  it.each([
    ['checks: [\n', 'peer-file 2:1'],
    ['checks:\n  exclude: host-pid\n', 'peer-file 2:12'],
    ['- a\n', 'peer-file 1:1'],
  ])('that reads %j is told, and has no effect', async (text, said) => {
    const seen = await suppressed(text);
    expect([seen.places, seen.said]).toEqual([[], [said]]);
  });
});
