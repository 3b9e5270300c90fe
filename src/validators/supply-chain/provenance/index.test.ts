import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { evidenceWith, trivyReport } from '../testing.ts';
import { check } from './index.ts';

const statement = (predicate: object, hex = 'c'.repeat(64)) => ({
  _type: 'https://in-toto.io/Statement/v0.1',
  predicateType: 'https://slsa.dev/provenance/v0.2',
  subject: [{ name: 'shop', digest: { sha256: hex } }],
  predicate,
});

async function said(document: unknown): Promise<string[]> {
  const { findings, notMeant } = await examine(check, await evidenceWith({ 'x.json': document }));
  return [...findings.map(({ message }) => message), ...notMeant.map(({ why }) => `- ${why}`)];
}

it('wants a builder and materials', async () => {
  expect(await said(statement({ builder: { id: '' }, materials: [] }))).toEqual([
    'the provenance names no builder',
    'the provenance by nobody names nothing that went into the build',
  ]);
});

it('wants every material pinned', async () => {
  const materials = [
    { uri: 'pkg:docker/debian@12', digest: { sha256: 'ab' } },
    { uri: 'https://files.example/tool.tar.gz' },
    { uri: 'git+https://git.example/shop', digest: { sha1: 'cd' } },
  ];
  expect(await said(statement({ builder: { id: 'https://ci.example' }, materials }))).toEqual([
    'the image was built from https://files.example/tool.tar.gz, which the provenance pins by no digest',
  ]);
});

it.each([
  ['another image', statement({}, '9'.repeat(64))],
  ['nothing of the kind', trivyReport([])],
])('is not meant for %s', async (_, document) => {
  expect(await said(document)).toEqual([
    '- no provenance among the evidence names the image by its digest',
  ]);
});
