import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sha256 } from '../../core/digest.ts';
import { withBeside } from './beside.ts';
import { loadManifests, type ManifestSet } from './load.ts';

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: backends.example.com}
spec: {group: example.com}
`;
const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'definitions-'));
});

afterEach(() => rm(root, { recursive: true }));

async function loaded(files: Record<string, string>, ...paths: string[]): Promise<ManifestSet> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  const { signal } = new AbortController();
  const set = await loadManifests({ paths: ['a.yaml'], root, signal });
  return withBeside(set, { definitions: paths }, { root, signal });
}

it('brings the definitions, and binds the digest to their files', async () => {
  const files = { 'a.yaml': configMap, 'crd.yaml': `${definition}---\n${configMap}` };
  const alone = await loaded(files);
  const set = await loaded(files, 'crd.yaml');
  expect(set.objects.map(({ kind }) => kind)).toEqual(['ConfigMap']);
  expect(set.definitions.map(({ name }) => name)).toEqual(['backends.example.com']);
  expect(set.listing).toMatch(/^[0-9a-f]{64} {2}a\.yaml\n[0-9a-f]{64} {2}crd\.yaml\n$/);
  expect(set.digest).toBe(sha256(set.listing));
  expect(set.digest).not.toBe(alone.digest);
  expect(set.complete).toBe(true);
});

it('takes no file twice', async () => {
  const files = { 'a.yaml': `${configMap}---\n${definition}` };
  const set = await loaded(files, '.');
  expect(set.files.map(({ path }) => path)).toEqual(['a.yaml']);
});

it('has the problems of their files', async () => {
  const set = await loaded({ 'a.yaml': configMap, 'crd.yaml': 'a: b: c\n' }, 'crd.yaml');
  expect(set.problems.map(({ location }) => location.file)).toEqual(['crd.yaml']);
  expect(set.complete).toBe(false);
});

it('does not take something else for definitions', async () => {
  const files = { 'a.yaml': configMap, 'b.yaml': configMap };
  await expect(loaded(files, 'b.yaml')).rejects.toMatchObject({ code: 'input-empty' });
  await expect(loaded(files, 'c.yaml')).rejects.toMatchObject({ code: 'input-missing' });
});
