import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { configDigest, evidenceWith, trivyReport } from '../testing.ts';
import { check } from './index.ts';

const dpkg = (...names: readonly string[]) => ({
  path: 'var/lib/dpkg/status',
  content: names
    .map((name) => {
      const [, plain, version] = /^(\S+) (\S+)$/.exec(name) ?? [];
      return `Package: ${plain}\nStatus: install ok installed\nVersion: ${version}\n`;
    })
    .join('\n'),
});
const npm = (name: string, version: string) => ({
  path: `app/node_modules/${name}/package.json`,
  content: JSON.stringify({ name, version }),
});
const bom = (...components: readonly object[]) => ({
  bomFormat: 'CycloneDX',
  metadata: { component: { type: 'container', name: 'shop', version: configDigest } },
  components: components.map((component) => ({ type: 'library', ...component })),
});

async function said(layer: readonly object[], files: Readonly<Record<string, unknown>>) {
  const run = await examine(check, await evidenceWith(files, [layer]));
  return [
    ...run.findings.map(({ message }) => message),
    ...run.notExamined.map(({ what, why }) => `? ${what}: ${why}`),
    ...run.notMeant.map(({ why }) => `- ${why}`),
  ];
}

it('names what is missing, by type', async () => {
  const layer = [
    dpkg('libc6 2.36-9', 'curl 1:7.88-1'),
    npm('@scope/a', '1.0.0'),
    npm('b', '2.0.0'),
  ];
  expect(await said(layer, { 'bom.json': bom({ name: 'x', purl: 'pkg:npm/b@2.0.1' }) })).toEqual([
    '2 of 2 deb packages of the image are not listed: curl 1:7.88-1, libc6 2.36-9',
    '2 of 2 npm packages of the image are not listed: @scope/a 1.0.0, b 2.0.0',
  ]);
});

it.each([
  ['in the version', { name: 'curl', purl: 'pkg:deb/debian/curl@1%3A7.88-1?arch=amd64' }],
  ['in a qualifier', { name: 'curl', purl: 'pkg:deb/debian/curl@7.88-1?epoch=1' }],
  ['without a package URL', { name: 'curl', version: '1:7.88-1' }],
])('finds an epoch %s', async (_, component) => {
  expect(await said([dpkg('curl 1:7.88-1')], { 'bom.json': bom(component) })).toEqual([]);
});

it('takes several lists together, and those of scan reports', async () => {
  const Results = [
    {
      Target: 'x',
      Class: 'os-pkgs',
      Packages: [
        { Name: 'curl', Version: '7.88-1', Identifier: { PURL: 'pkg:deb/debian/curl@7.88-1' } },
      ],
    },
  ];
  const files = {
    'npm.json': bom({ name: 'b', purl: 'pkg:npm/b@2.0.0' }),
    'trivy.json': trivyReport([], { Results }),
  };
  expect(await said([dpkg('curl 7.88-1'), npm('b', '2.0.0')], files)).toEqual([]);
});

it('says what of the image it could not read', async () => {
  const layer = [{ path: 'var/lib/rpm/Packages', content: 'xx' }];
  expect(await said(layer, { 'bom.json': bom({ name: 'x' }) })).toEqual([
    '? /var/lib/rpm/Packages: the database of rpm is in the format Berkeley DB, which is not read',
  ]);
});

it('is not meant for evidence without a list', async () => {
  expect(await said([dpkg('curl 1-1')], { 'trivy.json': trivyReport([]) })).toEqual([
    '- no bill of materials among the evidence names the image by its digest',
  ]);
});
