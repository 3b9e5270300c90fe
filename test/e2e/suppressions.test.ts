import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunRecord, recordSchema } from '../../src/core/record.ts';
import { deploycheck, shopWorkspace } from './cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-suppressions-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Two findings that are errors, in lines 8 and 11, and nothing else that is one. */
const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  annotations: {}
spec:
  hostPID: true
  containers:
    - name: web
      image: registry.example/web:latest
      securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true }
      resources: { requests: { cpu: 10m, memory: 10Mi } }
      readinessProbe: { exec: { command: ["true"] } }
`;
const both = ['manifest/host-namespaces', 'manifest/image-tag'];

async function validate(text: string, ...flags: readonly string[]) {
  await writeFile(join(folder, 'web.yaml'), text);
  const args = ['validate', 'manifests', 'web.yaml', '--server-rules', 'off', '--format', 'json'];
  const { exitCode, stdout, stderr } = await deploycheck([...args, ...flags], { cwd: folder });
  const record: RunRecord = recordSchema.parse(JSON.parse(stdout));
  const errors = record.findings.filter(({ severity }) => severity === 'error');
  return {
    ...{ exitCode, record, stderr },
    errors: errors.map(({ check }) => check),
    suppressed: (record.suppressed ?? []).map(({ finding, by }) => `${finding.check} ${by}`),
    said: record.findings
      .filter(({ check }) => check === 'manifest/suppression')
      .map(({ messageId, location }) => `${messageId} ${location.file}:${location.line}`),
  };
}
const write = (name: string, text: string) => writeFile(join(folder, name), text);
const configure = (entry: string, more = '') =>
  write('deploycheck.yaml', `version: 1\nrules:\n${more}  suppress:\n    - { ${entry} }\n`);

describe('validate manifests', () => {
  it('finds both without a suppression', async () => {
    const { exitCode, errors, suppressed, said } = await validate(pod);
    expect([exitCode, errors, suppressed, said]).toEqual([1, both, [], []]);
  });

  it('holds to comments, and is go when all is accepted', async () => {
    const comment =
      '# deploycheck-ignore manifest/host-namespaces, manifest/image-tag -- a node agent\n';
    const { exitCode, record, suppressed } = await validate(`${comment}${pod}`);
    expect([exitCode, record.verdict]).toEqual([0, 'go']);
    expect(suppressed).toEqual(both.map((rule) => `${rule} comment`));
    expect(record.suppressed?.[0]).toMatchObject({
      where: { file: 'web.yaml', line: 1, column: 1 },
      reason: 'a node agent',
      until: null,
      finding: { location: { line: 9, column: 12 } },
    });
    const { stdout } = await deploycheck(
      ['validate', 'manifests', 'web.yaml', '--server-rules', 'off'],
      { cwd: folder },
    );
    expect(stdout).toMatch(/^GO {2}no findings in \d+ checks, 2 suppressed/);
  });

  it('holds to annotations, and tells of those that have ended', async () => {
    const annotations = (until: string) =>
      `{ ignore.deploycheck.dev/manifest.host-namespaces: "an agent; until ${until}" }`;
    const good = await validate(pod.replace('{}', annotations('2999-12-31')));
    expect([good.errors, good.suppressed, good.said]).toEqual([
      ['manifest/image-tag'],
      ['manifest/host-namespaces annotation'],
      [],
    ]);
    const over = await validate(pod.replace('{}', annotations('2020-12-31')));
    expect([over.errors, over.suppressed, over.said]).toEqual([both, [], ['expired web.yaml:6']]);
  });

  it('holds to the configuration, and tells of what is unused, unknown and cannot be', async () => {
    await configure('rule: manifest/image-tag, kind: Pod, namespace: sh*, name: w*, reason: old');
    const { errors, suppressed, said } = await validate(pod);
    expect([errors, suppressed, said]).toEqual([
      ['manifest/host-namespaces'],
      ['manifest/image-tag configuration'],
      [],
    ]);
    await configure('rule: manifest/privileged, reason: old');
    expect((await validate(pod)).said).toEqual(['unused deploycheck.yaml:4']);
    await configure('rule: manifest/image-tags, reason: old');
    const unknown = await validate(pod);
    expect([unknown.exitCode, unknown.said]).toEqual([1, ['unknown-rule deploycheck.yaml:4']]);
    await configure('rule: secret/in-manifests, reason: old');
    const secret = `${pod}      env: [{ name: DB_PASSWORD, value: vN9xQ2mK4pT7 }]\n`;
    const never = await validate(secret);
    expect(never.errors).toContain('secret/in-manifests');
    expect(never.said).toEqual(['never deploycheck.yaml:4']);
  });

  it('calls nothing unused that was not run', async () => {
    await configure('rule: manifest/image-tag, reason: old', '  disable: [manifest/image-tag]\n');
    expect((await validate(pod)).said).toEqual([]);
  });

  it('refuses a configuration whose suppression has no reason', async () => {
    await configure('rule: manifest/image-tag');
    await write('web.yaml', pod);
    const { exitCode, stderr } = await deploycheck(['validate', 'manifests', 'web.yaml'], {
      cwd: folder,
    });
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('4:7: rules.suppress.0.reason'),
    ]);
  });

  it('writes a baseline, holds to it, and tells of what is gone from it', async () => {
    const written = await validate(pod, '--write-baseline', 'known.json');
    expect([written.exitCode, written.errors]).toEqual([1, both]);
    expect(written.stderr).toContain('2 findings are in known.json');
    const covered = await validate(pod, '--baseline', 'known.json');
    expect([covered.exitCode, covered.suppressed]).toEqual([
      0,
      both.map((rule) => `${rule} baseline`),
    ]);
    const mended = await validate(pod.replace(':latest', ':1.2.3'), '--baseline', 'known.json');
    expect([mended.exitCode, mended.said]).toEqual([0, ['gone known.json:11']]);
    const more = await validate(`${pod}`.replace('hostPID', 'hostIPC'), '--baseline', 'known.json');
    expect([more.exitCode, more.errors]).toEqual([1, ['manifest/host-namespaces']]);
    await write('deploycheck.yaml', 'version: 1\nrules: { baseline: known.json }\n');
    expect((await validate(pod)).exitCode).toBe(0);
    await rm(join(folder, 'known.json'));
    await write('web.yaml', pod);
    const missing = await deploycheck(['validate', 'manifests', 'web.yaml'], { cwd: folder });
    expect([missing.exitCode, missing.stderr]).toEqual([
      2,
      expect.stringContaining('the baseline known.json is not there'),
    ]);
    await validate(pod, '--write-baseline', 'known.json');
    expect((await validate(pod)).exitCode).toBe(0);
  });

  it('takes no secret into a baseline, and says so', async () => {
    const secret = `${pod}      env: [{ name: DB_PASSWORD, value: vN9xQ2mK4pT7 }]\n`;
    const { stderr } = await validate(secret, '--write-baseline', 'known.json');
    expect(stderr).toContain('2 findings are in known.json; 1 that nothing can suppress');
    expect(await readFile(join(folder, 'known.json'), 'utf8')).not.toContain('secret/');
    const after = await validate(secret, '--baseline', 'known.json');
    expect([after.exitCode, after.errors]).toEqual([1, ['secret/in-manifests']]);
  });

  it('ends with 2 for a baseline that is none', async () => {
    await write('known.json', '{"findings": []}');
    await write('web.yaml', pod);
    const args = ['validate', 'manifests', 'web.yaml', '--baseline', 'known.json'];
    const { exitCode, stderr } = await deploycheck(args, { cwd: folder });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('(baseline-invalid)')]);
  });

  it('understands what was written for other tools, unless it is told not to', async () => {
    const annotated = pod.replace('{}', '{ polaris.fairwinds.com/hostPIDSet-exempt: "true" }');
    await write('.kube-linter.yaml', 'checks:\n  exclude: [latest-tag]\n');
    const { exitCode, suppressed, said } = await validate(annotated);
    expect([exitCode, suppressed]).toEqual([
      0,
      ['manifest/host-namespaces polaris', 'manifest/image-tag kube-linter'],
    ]);
    expect(said).toEqual(['reasonless web.yaml:6', 'reasonless .kube-linter.yaml:2']);
    await write('deploycheck.yaml', 'version: 1\nrules: { peers: [polaris] }\n');
    expect((await validate(annotated)).errors).toEqual(['manifest/image-tag']);
  });

  it('mends nothing that is accepted', async () => {
    const budget = `apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: web } } }
`;
    const fix = async (text: string) => {
      await write('web.yaml', text);
      const args = ['validate', 'manifests', 'web.yaml', '--fix', '--server-rules', 'off'];
      await deploycheck(args, { cwd: folder });
      return readFile(join(folder, 'web.yaml'), 'utf8');
    };
    expect(await fix(budget)).toContain('apiVersion: policy/v1\n');
    const accepted = `# deploycheck-ignore manifest/removed-api -- for the old cluster\n${budget}`;
    expect(await fix(accepted)).toBe(accepted);
  });

  it('runs what kube-linter includes beside the preset', async () => {
    const bare = pod.replace(/ {6}(?:readinessProbe|resources).*\n/g, '');
    await write('.kube-linter.yaml', 'checks:\n  include: [no-readiness-probe]\n');
    await write('deploycheck.yaml', 'version: 1\n');
    const { record } = await validate(bare);
    expect(record.outcomes.map(({ check }) => check)).toContain('manifest/readiness-probe');
  });
});

it('validate image has baselines, too', async () => {
  await using shop = await shopWorkspace();
  const cwd = shop.release('v3');
  const image = 'oci:../../build/v3/image';
  const run = async (...flags: readonly string[]) => {
    const args = ['validate', 'image', image, '--format', 'json', '--fail-on', 'info'];
    const { stdout } = await deploycheck([...args, ...flags], { cwd });
    return recordSchema.parse(JSON.parse(stdout));
  };
  const before = await run('--write-baseline', 'known.json');
  const after = await run('--baseline', 'known.json');
  const waivable = before.findings.filter(({ check }) => check !== 'image/secret');
  expect(waivable.length).toBeGreaterThan(0);
  expect(after.suppressed?.length).toBe(waivable.length);
  expect(new Set(after.findings.map(({ check }) => check))).toEqual(new Set(['image/secret']));
});

describe('checklist', () => {
  it('wants a waiver for what is critical, and holds to suppressions of the rest', async () => {
    await using shop = await shopWorkspace();
    const cwd = shop.release('v2');
    const deployment = join(cwd, 'manifests/deployment.yaml');
    const text = await readFile(deployment, 'utf8');
    const line = '      serviceAccountName: shop\n';
    expect(text).toContain(line);
    const comment = '      # deploycheck-ignore manifest/host-namespaces -- it looks at the node\n';
    await writeFile(deployment, text.replace(line, `${comment}      hostPID: true\n${line}`));
    await appendFile(
      join(cwd, 'manifests/service.yaml'),
      `---
apiVersion: coordination.k8s.io/v1beta1
kind: LeaseCandidate
metadata: { name: shop, namespace: shop }
spec: { leaseName: shop, binaryVersion: 2.0.0, strategy: OldestEmulationVersion, emulationVersion: 2.0.0 }
`,
    );
    const config = join(cwd, 'deploycheck.yaml');
    const rules = `rules:
  suppress:
    - { rule: manifest/deprecated-api, kind: LeaseCandidate, reason: the cluster serves it }
`;
    await appendFile(config, rules);
    const args = ['checklist', '--format', 'json', '--server-rules', 'off'];
    const { exitCode, stdout } = await deploycheck(args, { cwd });
    const record = recordSchema.parse(JSON.parse(stdout));
    expect(exitCode).toBe(1);
    const item = record.items.find(({ id }) => id === 'least-privilege');
    expect(item).toMatchObject({ status: 'fail', reason: expect.stringContaining('hostPID') });
    expect(record.suppressed?.map(({ finding, by }) => [finding.check, by])).toEqual([
      ['manifest/deprecated-api', 'configuration'],
    ]);
    const said = record.findings.filter(({ check }) => check === 'manifest/suppression');
    expect(said.map(({ messageId, severity }) => [messageId, severity])).toEqual([
      ['needs-waiver', 'info'],
    ]);
    expect(said[0]?.message).toContain('manifest/host-namespaces');
  });
});

it('a record of before suppressions is read', async () => {
  const { record } = await validate(pod);
  const { suppressed: _, ...old } = record;
  expect(recordSchema.safeParse(old).error).toBeUndefined();
});
