import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imageOf } from '../../image/testing.ts';
import { examine } from '../testing.ts';
import { readDockleFile, understoodByDockle } from './dockle-file.ts';

const tool = { path: 'usr/bin/tool', mode: '4755', content: 'tool' };
const image = imageOf({ User: 'root', Volumes: { '/etc': {} } }, [
  [
    tool,
    { path: 'etc/passwd', content: 'root::0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\n' },
    { path: 'app/Dockerfile', content: 'FROM scratch\n' },
    { path: 'root/.docker/config.json', content: '{}' },
    { path: 'var/lib/apt/lists/a', content: 'x' },
  ],
]);

async function seen(text: string) {
  const { suppressed, reasons, said } = await examine(await image, {
    sources: { dockle: understoodByDockle(text) },
    rules: { preset: 'strict' },
  });
  return {
    rules: suppressed.map((line) => line.split(' ')[0]),
    reasons: [...new Set(reasons)],
    said: said.map((line) => line.split(' ').slice(0, 2).join(' ')),
  };
}

describe('what .dockleignore holds', () => {
  it.each<[string, string, readonly string[], readonly string[], readonly string[]]>([
    [
      'a code with a reason above it',
      '# set root to default user because we want to run nginx\nCIS-DI-0001\n',
      ['image/non-root'],
      ['set root to default user because we want to run nginx'],
      [],
    ],
    [
      'a code without a reason',
      'CIS-DI-0008\n',
      ['image/set-id'],
      ['CIS-DI-0008 in .dockleignore, no reason given'],
      ['reasonless 1:1'],
    ],
    [
      'a comment apart from the code',
      '# a heading\n\n  CIS-DI-0006  \r\n',
      ['image/health-check'],
      ['CIS-DI-0006 in .dockleignore, no reason given'],
      ['reasonless 3:3'],
    ],
    [
      'several codes below a comment of two lines',
      '## the vendor’s base\n# has them\nDKL-DI-0002\nDKL-DI-0005\n# our own\nDKL-LI-0003',
      ['image/package-leftovers', 'image/unwanted-files', 'image/volumes'],
      ['our own', 'the vendor’s base has them'],
      [],
    ],
    [
      'accounts',
      '# a base for tests\nDKL-LI-0001\nDKL-LI-0002\n',
      ['image/accounts', 'image/accounts'],
      ['a base for tests'],
      [],
    ],
    [
      'codes without a counterpart, and one that there is not',
      'CIS-DI-0005\nDKL-DI-0006\nCIS-DI-9999\n',
      [],
      [],
      ['no-counterpart 1:1', 'no-counterpart 2:1', 'unknown-check 3:1'],
    ],
    [
      'credential files, of which secrets themselves are never suppressed',
      '# a test\nCIS-DI-0010\n',
      ['image/unwanted-files'],
      ['a test'],
      [],
    ],
    ['nothing', '\n# only this\n', [], [], []],
  ])('may be %s', async (_, text, rules, reasons, said) => {
    const found = await seen(text);
    expect([found.rules.toSorted(), found.reasons.toSorted(), found.said]).toEqual([
      rules,
      reasons,
      said,
    ]);
  });

  it('does not hold for a critical rule in a checklist', async () => {
    const { suppressed, said } = await examine(await image, {
      sources: { dockle: understoodByDockle('# why\nCIS-DI-0001\n') },
      checklist: true,
    });
    expect(suppressed).toEqual([]);
    expect(said.map((line) => line.split(' ')[0])).toEqual(['needs-waiver']);
  });
});

describe('the file', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'deploycheck-dockle-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('is read where there is one', async () => {
    expect(await readDockleFile(root)).toBeUndefined();
    await writeFile(join(root, '.dockleignore'), 'CIS-DI-0001\n');
    expect((await readDockleFile(root))?.suppressions).toMatchObject([{ rule: 'image/non-root' }]);
  });

  it('that cannot be read is told', async () => {
    await mkdir(join(root, '.dockleignore'));
    const dockle = await readDockleFile(root);
    const { said } = await examine(await image, { sources: { dockle } });
    expect(said.map((line) => line.split(' ')[0])).toEqual(['peer-file']);
  });
});
