import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageFile } from '../../src/core/package-root.ts';
import { hasTool } from '../systems/tools.ts';
import { deploycheck } from './cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-cmd-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const run = (...args: string[]) => deploycheck(args, { cwd: folder });

describe('init', () => {
  it('writes a file that the next command accepts, with what it found', async () => {
    await write({
      Dockerfile: 'FROM scratch\n',
      'deploy/pod.yaml':
        'apiVersion: v1\nkind: Pod\nspec: { containers: [{ image: shop:1.0.0 }] }\n',
      'db/migrations/0001_init.up.sql': 'select 1;\n',
      'openapi.yaml': 'openapi: 3.1.0\n',
      'compose.yaml': 'services: {}\n',
      '.github/workflows/ci.yml': 'on: push\n',
    });
    expect((await run('init')).exitCode).toBe(0);
    const text = await readFile(join(folder, 'deploycheck.yaml'), 'utf8');
    expect(parse(text).services[0]).toMatchObject({
      dockerfile: 'Dockerfile',
      manifests: ['deploy'],
      migrations: { dir: 'db/migrations', tool: 'golang-migrate' },
      contract: 'openapi.yaml',
    });
    expect(text).toContain('compose file compose.yaml');
    expect(text).toContain('CI file .github/workflows/ci.yml');
    expect((await run('config', 'show')).exitCode).toBe(0);
  });

  it('recognises a chart and a kustomization', async () => {
    await write({ 'chart/Chart.yaml': 'name: x\n', 'chart/templates/a.yaml': 'kind: {{ x }}\n' });
    expect((await run('init', '--print')).stdout).toContain('helm: { chart: chart }');
    await rm(join(folder, 'chart'), { recursive: true });
    await write({ 'k/kustomization.yaml': 'resources: []\n' });
    expect((await run('init', '--print')).stdout).toContain('kustomize: k');
  });

  it('never overwrites', async () => {
    await write({ 'deploycheck.yaml': 'mine' });
    const { exitCode, stderr } = await run('init');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is there already')]);
    expect(await readFile(join(folder, 'deploycheck.yaml'), 'utf8')).toBe('mine');
  });
});

describe('config', () => {
  it('shows where every value comes from, without a password', async () => {
    await write({
      'deploycheck.yaml':
        'version: 1\nsla: { restore: 9m }\nbuckets:\n  b: { endpoint: "http://user:hunter2hunter2@s3", bucket: b }\n',
    });
    const { stdout } = await run('config', 'show');
    expect(stdout).toMatch(/sla\.restore +"9m" +\(deploycheck\.yaml:2\)/);
    expect(stdout).toMatch(/sla\.rollback +"30m" +\(default\)/);
    expect(stdout).not.toContain('hunter2');
  });

  it('prints a schema that accepts the example and refuses a misspelt key', async () => {
    const ajv = addFormats.default(new Ajv2020({ strict: false }));
    const validate = ajv.compile(JSON.parse((await run('config', 'schema')).stdout));
    const file = packageFile('examples/shop/releases/v2/deploycheck.yaml');
    const config = parse(await readFile(file, 'utf8'));
    expect([validate(config), validate.errors]).toEqual([true, null]);
    expect(validate({ ...config, servics: [] })).toBe(false);
  });
});

describe('doctor', () => {
  it('names tools with versions, and how to get what is missing', async () => {
    const { exitCode, stdout } = await run('doctor', '--format', 'json');
    const found = JSON.parse(stdout);
    const named = (name: string) => found.find((one: { name: string }) => one.name === name);
    expect(exitCode).toBe(0);
    for (const tool of ['git', 'ssh-keygen']) {
      expect(named(tool).status).toBe(hasTool(tool) ? 'found' : 'missing');
    }
    expect(found.every((one: { howToGet: string }) => one.howToGet.length > 5)).toBe(true);
  });

  it('asks the servers that are configured, and does not print their password', async () => {
    const server = createServer((_, response) => response.setHeader('server', 'store/1').end());
    const listening = Promise.withResolvers<void>();
    server.listen(0, '127.0.0.1', () => listening.resolve());
    await listening.promise;
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    await write({
      'deploycheck.yaml':
        'version: 1\ndatabases: { main: { env: DB } }\nbuckets: { b: { endpoint: env:S3, bucket: b } }\n',
    });
    const { stdout } = await deploycheck(['doctor'], {
      cwd: folder,
      env: { DB: 'postgres://u:hunter2hunter2@127.0.0.1:1/x', S3: `http://127.0.0.1:${port}` },
    });
    server.close();
    expect(stdout).toMatch(/found +object store of b +http:\/\/127\.0\.0\.1:\d+, store\/1/);
    expect(stdout).toMatch(/no-answer +database main/);
    expect(stdout).not.toContain('hunter2');
  });

  it('can be strict', async () => {
    const { exitCode } = await deploycheck(['doctor', '--strict'], {
      cwd: folder,
      env: { PATH: dirname(process.execPath) },
    });
    expect(exitCode).toBe(3);
  });
});

describe('rules', () => {
  it('are listed and explained', async () => {
    const list = JSON.parse((await run('rules', 'list', '--format', 'json')).stdout);
    expect(list.length).toBeGreaterThan(20);
    const { stdout } = await run('rules', 'explain', 'image/non-root');
    const page = await readFile(packageFile('docs/rules/image/non-root.md'), 'utf8');
    expect(stdout).toBe(page.trimEnd());
  });
});

describe('the published record', () => {
  it('fits its schema', async () => {
    const ajv = addFormats.default(new Ajv2020({ strict: false }));
    const schema = JSON.parse(await readFile(packageFile('schemas/record.schema.json'), 'utf8'));
    const validate = ajv.compile(schema);
    const manifests = packageFile('examples/shop/releases/v3/manifests');
    const { stdout } = await run('validate', 'manifests', manifests, '--format', 'json');
    expect([validate(JSON.parse(stdout)), validate.errors]).toEqual([true, null]);
  });
});

describe('reports', () => {
  it('are written to as many files as asked for, from one run', async () => {
    const manifests = packageFile('examples/shop/releases/v3/manifests');
    const names = ['json', 'markdown', 'html', 'sarif', 'junit', 'text'];
    const outputs = names.flatMap((name) => ['--output', `${name}=${name}.out`]);
    const { exitCode } = await run('validate', 'manifests', ...outputs, manifests);
    expect(exitCode).toBe(1);
    for (const name of names) {
      expect(await readFile(join(folder, `${name}.out`), 'utf8')).toContain('manifest/privileged');
    }
  });

  it('of a kept run are the same bytes again', async () => {
    await write({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n' });
    const first = await run('validate', 'manifests', 'a.yaml', '--save', '--format', 'html');
    const again = await run('report', 'last', '--format', 'html');
    expect(again.stdout).toBe(first.stdout);
  });

  it('have no colours in a pipe, and some when forced', async () => {
    await write({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n' });
    const args = ['validate', 'manifests', 'a.yaml'];
    const start = String.fromCharCode(27);
    expect((await run(...args)).stdout).not.toContain(start);
    const env = { NO_COLOR: '', FORCE_COLOR: '1' };
    expect((await deploycheck(args, { cwd: folder, env })).stdout).toContain(start);
  });
});

describe('an error', () => {
  it('does not steer the terminal by what a server says', async () => {
    const server = createServer(({ url }, response) => {
      const message = 'no\u001b]0;mine\u0007 \u202egood';
      if (url === '/v2/') response.end('{}');
      else
        response
          .writeHead(403, { 'content-type': 'application/json' })
          .end(JSON.stringify({ errors: [{ code: 'DENIED', message }] }));
    });
    const listening = Promise.withResolvers<void>();
    server.listen(0, '127.0.0.1', () => listening.resolve());
    await listening.promise;
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const { stderr, exitCode } = await run('validate', 'image', `registry:127.0.0.1:${port}/a:1`);
    server.close();
    expect(exitCode).toBe(5);
    expect(stderr).toContain('no\\u{1b}]0;mine\\u{7} \\u{202e}good');
    expect(stderr).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  });
});
