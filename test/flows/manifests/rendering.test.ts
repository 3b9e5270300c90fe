import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binaryFolder } from '../../../scripts/testbed/binaries.ts';
import type { RunRecord } from '../../../src/core/record.ts';
import { deploycheck } from '../../e2e/cli.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);
const helm = await binaryFolder('helm', say);
const kube = await binaryFolder('kube', say);

const deployment = (name: string, image: string, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: "${image}"
          {{- if .Values.privileged }}
          securityContext:
            privileged: true
          {{- end }}
${more}`;

/** The same without a template's actions. */
const plain = (text: string) =>
  text
    .replaceAll(/ *\{\{-? (?:if|end).*\n/g, '')
    .replace('{{ .Values.replicas }}', '1')
    .replace('privileged: true', 'privileged: false');

/** A comment above the image, in line 17, which accepts that it moves. */
const commented = (text: string) =>
  text.replace(
    '          image:',
    '          # deploycheck-ignore manifest/image-tag -- the vendor has no other\n          image:',
  );

const files: Readonly<Record<string, string>> = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'chart/values.yaml': 'replicas: 1\nprivileged: false\nimage: {tag: 1.2.3}\n',
  'chart/templates/web.yaml': deployment('{{ .Release.Name }}-web', 'web:{{ .Values.image.tag }}'),
  'chart/templates/service.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector:\n    app: other\n  ports:\n    - port: 80\n',
  'chart/templates/tests/try.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: {name: try, annotations: {helm.sh/hook: test}}\nspec: {containers: [{name: a, image: busybox:latest}]}\n',
  'production.yaml': 'privileged: true\n',
  'broken/Chart.yaml': 'apiVersion: v2\nname: broken\nversion: 1.0.0\n',
  'broken/templates/a.yaml': 'a: {{ required "a name is needed" .Values.name }}\n',
  'nothing/Chart.yaml': 'apiVersion: v2\nname: nothing\nversion: 1.0.0\n',
  'nothing/templates/a.yaml': '{{ if false }}a: b{{ end }}\n',
  'base/kustomization.yaml':
    'resources: [web.yaml]\nconfigMapGenerator: [{name: made, literals: [a=b]}]\n',
  'base/web.yaml': `# comes first
${plain(deployment('web', 'web:latest'))}
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
`,
  'overlays/production/kustomization.yaml':
    'resources: [../../base]\nnamePrefix: live-\npatches: [{path: more.yaml}]\n',
  'overlays/production/more.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n',
  'commented/Chart.yaml': 'apiVersion: v2\nname: other\nversion: 1.0.0\n',
  'commented/values.yaml': 'replicas: 1\nprivileged: false\nimage: {tag: latest}\n',
  'commented/templates/web.yaml': commented(
    deployment('{{ .Release.Name }}', 'web:{{ .Values.image.tag }}'),
  ),
  'commented-base/kustomization.yaml': 'resources: [web.yaml]\n',
  'commented-base/web.yaml': commented(plain(deployment('web', 'web:latest'))),
  'overlays/commented/kustomization.yaml': 'resources: [../../commented-base]\nnamePrefix: live-\n',
  'overlays/broken/kustomization.yaml': 'resources: [missing.yaml]\n',
};

describe('manifests that have to be rendered', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'deploycheck-rendering-'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(cwd, path)), { recursive: true });
      await writeFile(join(cwd, path), text);
    }
  });
  afterAll(() => rm(cwd, { recursive: true, force: true }));

  const validate = async (args: readonly string[], path = `${helm}:${kube}`) => {
    const env = { PATH: `${path}:${process.env.PATH}` };
    const { exitCode, stdout, stderr } = await deploycheck(
      ['validate', 'manifests', ...args, '--format', 'json'],
      { cwd, env },
    );
    const record = stdout === '' ? undefined : JSON.parse(stdout);
    return { exitCode, stderr, record };
  };
  type Found = { check: string; location: object; object: { name: string } };
  const of = (record: { findings: Found[] }, check: string) =>
    record.findings.filter((finding) => finding.check === check);

  it('are those of a chart, with its values, and stand in its templates', async () => {
    const { exitCode, record } = await validate(['chart', '--release-name', 'live']);
    expect(exitCode).toBe(1);
    expect(of(record, 'manifest/service-selector')).toMatchObject([
      { location: { file: 'chart/templates/service.yaml', line: 6, column: 5 } },
    ]);
    expect(of(record, 'manifest/privileged')).toEqual([]);
    const objects = new Set(record.findings.map(({ object }: Found) => object.name));
    expect(objects.has('live-web')).toBe(true);
    expect(objects.has('try')).toBe(false);
  });

  it('are others with other values', async () => {
    for (const args of [
      ['--values', 'production.yaml'],
      ['--set', 'privileged=true'],
    ]) {
      const { record } = await validate(['chart', ...args]);
      expect(of(record, 'manifest/privileged')).toMatchObject([
        { location: { file: 'chart/templates/web.yaml', line: 20 } },
      ]);
    }
    // A line with an action in it is found by what stands before.
    const { record } = await validate(['chart', '--set', 'image.tag=latest']);
    expect(of(record, 'manifest/image-tag')).toMatchObject([
      { location: { file: 'chart/templates/web.yaml', line: 17, column: 11 } },
    ]);
  });

  it('are those of an overlay, and stand in the files that it names', async () => {
    const { exitCode, record } = await validate(['overlays/production']);
    expect(exitCode).toBe(1);
    expect(of(record, 'manifest/image-tag')).toMatchObject([
      {
        location: { file: 'base/web.yaml', line: 18, column: 18 },
        object: { name: 'live-web' },
      },
    ]);
    expect(of(record, 'manifest/schema')).toEqual([]);
  });

  it('are suppressed by comments where they stand, in a template and in a file of an overlay', async () => {
    const suppressedOf = (record: RunRecord) =>
      (record.suppressed ?? []).map(({ finding: { check, location }, where }) => [
        check,
        `${location.file}:${location.line}`,
        `${where.file}:${where.line}`,
      ]);
    const chart = await validate(['commented']);
    expect(suppressedOf(chart.record)).toEqual([
      ['manifest/image-tag', 'commented/templates/web.yaml:18', 'commented/templates/web.yaml:17'],
    ]);
    const overlay = await validate(['overlays/commented']);
    expect(suppressedOf(overlay.record)).toEqual([
      ['manifest/image-tag', 'commented-base/web.yaml:18', 'commented-base/web.yaml:17'],
    ]);
    for (const { record } of [chart, overlay]) {
      expect(of(record, 'manifest/suppression')).toEqual([]);
    }
  });

  it.each([
    ['broken', /broken: helm: .*a name is needed/],
    ['overlays/broken', /overlays\/broken: kustomize: .*missing\.yaml/],
  ])('do not pass when %s cannot be rendered', async (path, message) => {
    const { exitCode, record } = await validate([path]);
    expect(exitCode).toBe(5);
    expect(JSON.stringify(record)).toMatch(message);
    expect(JSON.stringify(record)).not.toContain(tmpdir().concat('/deploycheck-kustomize'));
    expect(record.findings).toEqual([]);
  });

  it('are not nothing', async () => {
    const { exitCode, record } = await validate(['nothing']);
    expect(exitCode).toBe(2);
    expect(JSON.stringify(record)).toContain('nothing: it renders to nothing');
    const beside = await validate(['nothing', 'chart']);
    expect(beside.record.notExamined).toContainEqual(
      expect.objectContaining({ why: expect.stringContaining('it renders to nothing') }),
    );
  });

  it('cannot be looked at where nothing renders', async () => {
    const empty = join(cwd, 'bin');
    await mkdir(empty);
    await symlink(process.execPath, join(empty, 'node'));
    await chmod(empty, 0o755);
    const { exitCode, stdout } = await deploycheck(
      ['validate', 'manifests', 'chart', '--format', 'json'],
      { cwd, env: { PATH: empty } },
    );
    expect(exitCode).toBe(5);
    expect(stdout).toContain('tool-missing');
  });

  it('are named by patterns, too', async () => {
    const { record } = await validate(['ba*/w*.yaml']);
    expect(of(record, 'manifest/image-tag')).toMatchObject([
      { location: { file: 'base/web.yaml' } },
    ]);
    expect((await validate(['ba*/none*.yaml'])).record.outcomes[0].fault.code).toBe(
      'input-missing',
    );
  });
});
