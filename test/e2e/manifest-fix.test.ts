import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deploycheck } from './cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-fix-'));
  await mkdir(join(folder, 'deploy'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, 'deploy', name);
const fix = (...args: string[]) =>
  deploycheck(['validate', 'manifests', 'deploy', '--server-rules', 'off', '--fix', ...args], {
    cwd: folder,
  });

const pod = `# the shop
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web, version: 1.10 } } # not a number
spec:
  containers:
    - name: web   # the only one
      image: registry.example/web:1.4.2
      imagePullPolcy: Always
      env:
        - { name: DEBUG, value: no }
      ports: [{ containerPort: "80" }]
`;
const mended = pod
  .replace('1.10', '"1.10"')
  .replace('imagePullPolcy', 'imagePullPolicy')
  .replace('value: no', 'value: "no"')
  .replace('"80"', '80');
const budget = (selector: string) => `apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { maxUnavailable: 1, selector: ${selector} }
`;

it('mends, and leaves the rest of the file as it is', async () => {
  await writeFile(at('pod.yaml'), `\ufeff${pod.replaceAll('\n', '\r\n')}`);
  await chmod(at('pod.yaml'), 0o640);
  await writeFile(at('budget.yaml'), budget('{ matchLabels: { app: web } }'));
  const { stderr } = await fix();
  expect(stderr).toContain('deploy/pod.yaml: put metadata.labels.version in quotes\n');
  expect(stderr).toContain('deploy/budget.yaml: write policy/v1 as apiVersion\n');
  expect(stderr).toContain('mended 5 in 2 files');
  const text = await readFile(at('pod.yaml'), 'utf8');
  expect(text).toBe(`\ufeff${mended.replaceAll('\n', '\r\n')}`);
  expect((await stat(at('pod.yaml'))).mode & 0o777).toBe(0o640);
  expect(await readFile(at('budget.yaml'), 'utf8')).toMatch(/^apiVersion: policy\/v1\n/);
  const again = await fix();
  expect(again.stderr).toContain('mended 0 in 0 files');
});

it('prints a patch that git applies, and writes nothing', async () => {
  await writeFile(at('pod.yaml'), pod);
  const { stdout, exitCode } = await fix('--dry-run');
  expect(exitCode).toBe(1);
  expect(await readFile(at('pod.yaml'), 'utf8')).toBe(pod);
  await execa('git', ['apply', '-'], { cwd: folder, input: `${stdout}\n` });
  expect(await readFile(at('pod.yaml'), 'utf8')).toBe(mended);
});

it('leaves what would mean something else', async () => {
  const left = {
    // Selects nothing in the old version, and everything in the new one.
    'empty.yaml': budget('{}'),
    // Two fields want the same name.
    'taken.yaml': pod.replace('imagePullPolcy', 'imagePullPolicy: Always\n      imagePullPolcy'),
    // An alias: the text stands elsewhere.
    'alias.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: &a 1, b: *a }\n',
  };
  for (const [name, text] of Object.entries(left)) await writeFile(at(name), text);
  await fix();
  expect(await readFile(at('empty.yaml'), 'utf8')).toBe(left['empty.yaml']);
  expect(await readFile(at('taken.yaml'), 'utf8')).toContain('imagePullPolcy');
  expect(await readFile(at('alias.yaml'), 'utf8')).toContain('{ a: &a "1", b: *a }');
});

it('follows a link to the file that is meant', async () => {
  await writeFile(join(folder, 'shared.yaml'), pod);
  await symlink('../shared.yaml', at('pod.yaml'));
  const { exitCode } = await deploycheck(
    ['validate', 'manifests', 'deploy/pod.yaml', '--server-rules', 'off', '--fix'],
    { cwd: folder },
  );
  expect(exitCode).toBeLessThan(4);
  expect(await readFile(join(folder, 'shared.yaml'), 'utf8')).toBe(mended);
  expect(await readFile(at('pod.yaml'), 'utf8')).toBe(mended);
});

it('mends no standard input', async () => {
  const args = ['validate', 'manifests', '-', '--fix'];
  const { exitCode, stderr } = await deploycheck(args, { cwd: folder, input: pod });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--fix mends files')]);
});
