import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { type LoadOptions, loadManifests, type ManifestSet, manifestSetOf } from './load.ts';
import { podWith, setOf } from './testing.ts';

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n';

function problemsOf(text: string | Uint8Array): string[] {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return manifestSetOf([{ path: 'a.yaml', bytes }]).problems.map(
    ({ id, location }) => `${id} ${location.line}:${location.column}`,
  );
}

function faultOf(make: () => unknown): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
}

describe('texts that are well-formed', () => {
  it('reads several documents, and leaves empty ones out', () => {
    const set = setOf(`# nothing\n---\n${configMap}---\n---\n${podWith()}`);
    expect(set.objects.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Pod']);
    expect(set.documents).toBe(2);
    expect(set.objects[1]?.locate(['metadata', 'name'])).toEqual({ line: 12, column: 9 });
  });

  it('reads JSON, also when tabs indent it', () => {
    const set = setOf(
      '{\n\t"apiVersion": "v1",\n\t"kind": "Pod",\n\t"metadata": {\n\t\t"name": "a"\n\t}\n}\n',
    );
    expect(set.objects[0]?.ref).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: null,
      name: 'a',
    });
    expect(set.objects[0]?.locate(['metadata', 'name'])).toEqual({ line: 5, column: 11 });
  });

  it('takes lists apart, lists in lists too, and keeps positions', () => {
    const [object] = setOf(`apiVersion: v1
kind: List
items:
  - kind: ConfigMapList
    items:
      - apiVersion: v1
        kind: ConfigMap
        metadata:
          name: inner
`).objects;
    expect(object?.name).toBe('inner');
    expect(object?.locate(['metadata', 'name'])).toEqual({ line: 9, column: 17 });
  });

  it('ignores a byte order mark and carriage returns', () => {
    const set = setOf(`\ufeff${configMap.replaceAll('\n', '\r\n')}`);
    expect(set.problems).toEqual([]);
    expect(set.objects[0]?.locate(['metadata', 'name'])).toEqual({ line: 4, column: 9 });
  });

  it('takes a generated name', () => {
    const [object] = setOf(configMap.replace('name:', 'generateName:')).objects;
    expect(object?.generatedName).toBe(true);
  });

  it('follows aliases and merge keys', () => {
    const text = `${configMap}data: &d\n  a: one\nmore: *d\nmerged:\n  <<: *d\n  b: two\n`;
    expect(setOf(text).objects[0]?.value.merged).toEqual({ a: 'one', b: 'two' });
  });

  it('is not fooled by keys that objects of JavaScript have', () => {
    const set = setOf(`${configMap}data:\n  __proto__: x\n  constructor: y\n`);
    expect(Object.keys(set.objects[0]?.value.data ?? {})).toEqual(['__proto__', 'constructor']);
  });
});

describe('texts that are broken', () => {
  it.each([
    ['a tab as indentation', 'a:\n\tb: 1\n', 'syntax 2:1'],
    ['an open quote', 'a: "x\n', 'syntax 2:1'],
    ['a template', '{{ .Values.all }}\na: b\n', 'syntax 2:1'],
    ['a key twice', `${configMap}  name: other\n`, 'duplicate-key 5:3'],
    ['an alias without anchor', 'a: &x 1\nb: *y\n', 'alias 2:4'],
    ['a NUL byte', 'a: 1\nb: x\0\n', 'control-character 2:5'],
    ['a list', '- a\n- b\n', 'not-an-object 1:1'],
    ['plain text', 'hello\n', 'not-an-object 1:1'],
    ['no identity', '# first\nimage: web\n', 'missing-identity 2:1'],
    ['no kind', 'apiVersion: v1\nmetadata: {name: a}\n', 'missing-identity 1:1'],
    ['no name', 'apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {}\n', 'missing-identity 4:3'],
    ['a number as name', `${configMap}`.replace('settings', '12'), 'missing-identity 4:9'],
    ['a list item without a name', 'kind: List\nitems:\n  - kind: Pod\n', 'missing-identity 3:5'],
  ])('%s', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('bytes that are not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('a: é\nb: x'), Buffer.from([0xe9, 0x0a])]);
    expect(problemsOf(bytes)).toEqual(['not-utf8 2:5']);
    expect(problemsOf(Buffer.from([0xff, 0xfe, 0x61, 0x00]))).toEqual(['not-utf8 1:1']);
  });

  it('aliases that multiply', () => {
    const rows = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef']) {
      rows.push(`${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(', ')}]`);
    }
    expect(problemsOf(rows.join('\n'))).toEqual(['alias 1:1']);
  });

  it('keeps the documents around a broken one', () => {
    const set = setOf(`${configMap}---\na: "x" y\n---\n${podWith()}`);
    expect(set.objects.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Pod']);
    expect(set.complete).toBe(false);
  });

  it('refuses what is nested too deep, in every notation', () => {
    const blocks = Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    for (const text of ['['.repeat(50_000), '{a: '.repeat(5_000), '- '.repeat(5_000), blocks]) {
      expect(faultOf(() => setOf(text))).toBe('input-too-large');
    }
  });

  it('refuses a set without objects', () => {
    expect(faultOf(() => setOf('# nothing\n---\n'))).toBe('input-empty');
    expect(faultOf(() => setOf('apiVersion: v1\nkind: List\nitems: []\n'))).toBe('input-empty');
  });
});

describe('files', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'manifests-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const load = (paths: string[], more: Partial<LoadOptions> = {}): Promise<ManifestSet> =>
    loadManifests({ paths, root, signal: new AbortController().signal, ...more });
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  };

  it('reads folders through, and digests every file', async () => {
    await write('k8s/b/pod.json', '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}');
    await write('k8s/a.yml', configMap);
    await write('k8s/notes.txt', 'not read');
    const set = await load(['k8s']);
    expect(set.files.map(({ path }) => path)).toEqual(['k8s/a.yml', 'k8s/b/pod.json']);
    expect(set.listing.split('\n')[0]).toMatch(/^[0-9a-f]{64} {2}k8s\/a\.yml$/);
    expect(set.digest).toBe(sha256(set.listing));
    expect(set.objects.map(({ file, kind }) => [file, kind])).toEqual([
      ['k8s/a.yml', 'ConfigMap'],
      ['k8s/b/pod.json', 'Pod'],
    ]);
  });

  it('reads a named file whatever its name is', async () => {
    await write('rendered.txt', configMap);
    expect((await load(['rendered.txt'])).objects).toHaveLength(1);
  });

  it('reads standard input', async () => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(configMap.slice(0, 20));
      yield Buffer.from(configMap.slice(20));
    }
    const set = await load(['-'], { stdin: chunks() });
    expect(set.objects[0]?.file).toBe('stdin');
    await expect(load(['-'])).rejects.toMatchObject({ code: 'usage-invalid' });
  });

  it('bounds standard input', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(1024 * 1024, '#');
    }
    await expect(load(['-'], { stdin: endless() })).rejects.toMatchObject({
      code: 'input-too-large',
    });
  });

  it('says what it leaves out', async () => {
    await write('k8s/a.yaml', configMap);
    await write('k8s/kustomization.yaml', 'resources: [a.yaml]\n');
    await write('k8s/chart/Chart.yaml', 'apiVersion: v2\nname: c\n');
    await write('k8s/chart/templates/a.yaml', 'a: {{ .b }}\n');
    await symlink(join(root, 'k8s/a.yaml'), join(root, 'k8s/link.yaml'));
    const set = await load(['k8s']);
    expect(set.problems).toEqual([]);
    expect(set.skipped.map(({ path }) => path)).toEqual([
      'k8s/link.yaml',
      'k8s/chart',
      'k8s/kustomization.yaml',
    ]);
    expect(set.complete).toBe(false);
  });

  it('does not take a folder without manifests for a good one', async () => {
    await write('k8s/notes.txt', 'x');
    await expect(load(['k8s'])).rejects.toMatchObject({ code: 'input-empty' });
    await expect(load(['nowhere'])).rejects.toMatchObject({ code: 'input-missing' });
  });

  it('stops when it is told to', async () => {
    await write('a.yaml', configMap);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(load(['a.yaml'], { signal })).rejects.toThrow('enough');
  });

  it('finds positions again after the parsed documents were dropped', async () => {
    const padding = `# ${'x'.repeat(1024 * 1024)}\n`.repeat(5);
    await write('k8s/1.yaml', `${configMap}${padding}`);
    await write('k8s/2.yaml', `${padding}${configMap}`);
    const [first, second] = (await load(['k8s'])).objects;
    expect(first?.locate(['metadata', 'name'])).toEqual({ line: 4, column: 9 });
    expect(second?.locate(['metadata', 'name'])).toEqual({ line: 9, column: 9 });
  });
});
