import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { pushTestImage } from '../../systems/images.ts';
import { createNamespace, kubectl, type TestNamespace } from '../../systems/kubernetes.ts';

const bed = await systems('kubernetes', 'registry');

/** What the pods run instead of deploycheck: says how it was called and what it may do. */
const stand = `#!/bin/sh
echo "called with: $*"
echo "key: $SHOP_S3_KEY"
cat /etc/deploycheck/deploycheck.yaml
echo "signers: $(cat /etc/deploycheck/allowed_signers)"
echo "identity at \${DEPLOYCHECK_IDENTITY:-none}"
cat /etc/deploycheck-key/* && echo
echo x > /tmp/x && echo "may write to /tmp"
echo x > /x || echo "may not write elsewhere"
cat /var/run/secrets/kubernetes.io/serviceaccount/token || echo "has no token"
`;

const configuration = (namespace: string) => `version: 1
environments: { production: { database: main, buckets: [invoices], namespace: ${namespace} } }
databases: { main: { env: SHOP_DATABASE_URL } }
buckets:
  invoices:
    endpoint: env:SHOP_S3
    bucket: invoices
    credentials: { accessKey: env:SHOP_S3_KEY, secretKey: env:SHOP_S3_SECRET }
repository: { url: "s3://backups/shop", retention: { daily: 7 } }
rules: { options: { manifest/config-reference: { external: [Secret/shop-backup] } } }
`;

describe.skipIf(!bed)('a schedule', () => {
  let cwd: string;
  let namespace: TestNamespace;
  let image: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    if (!bed) return;
    env = { KUBECONFIG: bed('KUBECONFIG') };
    cwd = await mkdtemp(join(tmpdir(), 'deploycheck-schedule-'));
    namespace = await createNamespace('schedule');
    const level = 'pod-security.kubernetes.io/enforce=restricted';
    await kubectl(['label', 'namespace', namespace.name, level]);
    await kubectl([
      ...['create', 'secret', 'generic', 'shop-backup', '-n', namespace.name],
      '--from-literal=SHOP_S3_KEY=key-of-the-secret',
    ]);
    const registry = bed('DEPLOYCHECK_TEST_REGISTRY');
    const files = [{ path: 'bin/deploycheck', content: Buffer.from(stand), mode: 0o755 }];
    const config = { Env: ['PATH=/bin'] };
    const digest = await pushTestImage(registry, 'test/stand', '1', { files, config });
    image = `${registry}/test/stand@${digest}`;
    await writeFile(join(cwd, 'deploycheck.yaml'), configuration(namespace.name));
  });
  afterAll(async () => {
    await namespace?.[Symbol.asyncDispose]();
    if (cwd) await rm(cwd, { recursive: true, force: true });
  });
  const run = (args: readonly string[], input?: string) =>
    deploycheck(args, { cwd, env, ...(input === undefined ? {} : { input }) });
  const schedule = (...args: string[]) =>
    run(['backup', 'schedule', '--image', image, '--secret', 'shop-backup', ...args]);
  const all = [
    ...['--time-zone', 'Europe/Berlin', '--rehearse', '0 5 * * 0', '--freshness', '*/15 * * * *'],
    ...['--rehearse-server', 'env:SPARE_DATABASE_URL', '--prune', '0 6 * * *'],
  ];
  const inNamespace = async (...args: string[]) => kubectl([...args, '-n', namespace.name]);

  it('is printed as what deploycheck and the API server find right', async () => {
    const printed = await schedule(...all);
    expect([printed.exitCode, printed.stderr]).toEqual([
      0,
      'the Secret shop-backup has to hold: SHOP_DATABASE_URL, SHOP_S3, SHOP_S3_KEY, SHOP_S3_SECRET, SPARE_DATABASE_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY',
    ]);
    const validated = await run(
      ['validate', 'manifests', '-', '--kube-version', '1.34', '--fail-on', 'info'],
      printed.stdout,
    );
    expect([validated.exitCode, validated.stdout]).toEqual([0, expect.stringMatching(/^GO/)]);
    const answered = await kubectl(
      ['apply', '--server-side', '--dry-run=server', '-f', '-'],
      printed.stdout,
    );
    expect(answered.trim().split('\n')).toEqual([
      'configmap/deploycheck-backup serverside-applied (server dry run)',
      'cronjob.batch/deploycheck-backup serverside-applied (server dry run)',
      'cronjob.batch/deploycheck-backup-rehearse serverside-applied (server dry run)',
      'cronjob.batch/deploycheck-backup-freshness serverside-applied (server dry run)',
      'cronjob.batch/deploycheck-backup-prune serverside-applied (server dry run)',
    ]);
    expect(await inNamespace('get', 'cronjobs', '-o', 'name')).toBe('');
  });

  it('is applied to the target that it names, as deploycheck', async () => {
    const asked = await schedule('--apply');
    expect([asked.exitCode, asked.stderr]).toEqual([
      2,
      expect.stringMatching(
        new RegExp(
          `target: https://\\S+ \\(context \\S+\\), namespace ${namespace.name}\ncreate ConfigMap deploycheck-backup\ncreate CronJob deploycheck-backup\n[\\s\\S]*terminal-required`,
        ),
      ),
    ]);
    expect(await inNamespace('get', 'cronjobs', '-o', 'name')).toBe('');
    const applied = await schedule(...all, '--apply', '--yes');
    expect([applied.exitCode, applied.stdout]).toEqual([
      0,
      [
        'applied: ConfigMap/deploycheck-backup',
        ...['', '-rehearse', '-freshness', '-prune'].map(
          (suffix) => `applied: CronJob/deploycheck-backup${suffix}`,
        ),
      ].join('\n'),
    ]);
    const job = JSON.parse(
      await inNamespace(
        'get',
        'cronjob',
        'deploycheck-backup',
        '-o',
        'json',
        '--show-managed-fields',
      ),
    );
    expect(job.metadata.managedFields[0]).toMatchObject({
      manager: 'deploycheck',
      operation: 'Apply',
    });
    expect(job.spec).toMatchObject({
      schedule: '30 2 * * *',
      timeZone: 'Europe/Berlin',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 3600,
    });
    const again = await schedule(...all, '--apply', '--yes', '--cron', '45 1 * * *');
    expect([again.exitCode, again.stderr]).toEqual([
      0,
      expect.stringContaining('change CronJob deploycheck-backup\n'),
    ]);
    expect(
      await inNamespace('get', 'cronjob', 'deploycheck-backup', '-o', 'jsonpath={.spec.schedule}'),
    ).toBe('45 1 * * *');
  });

  it.each([
    ['deploycheck-backup', 'backup create'],
    ['deploycheck-backup-rehearse', 'backup rehearse --server env:SPARE_DATABASE_URL'],
    ['deploycheck-backup-freshness', 'backup freshness'],
    ['deploycheck-backup-prune', 'backup prune --yes'],
  ])('runs in a restricted namespace: %s', async (name, words) => {
    await schedule(...all, '--apply', '--yes');
    await inNamespace('create', 'job', `try-${name}`, `--from=cronjob/${name}`);
    await inNamespace('wait', `job/try-${name}`, '--for=condition=Complete', '--timeout=120s');
    const said = await inNamespace('logs', `job/try-${name}`);
    expect(said).toContain(`called with: ${words} --config /etc/deploycheck/deploycheck.yaml\n`);
    expect(said).toContain('key: key-of-the-secret\n');
    expect(said).toContain('repository: { url: "s3://backups/shop"');
    expect(said).toMatch(/may write to \/tmp\n[\s\S]*may not write elsewhere\n[\s\S]*has no token/);
  });

  it('says what the API server refuses, and applies none of it', async () => {
    const { exitCode, stdout, stderr } = await schedule('--apply', '--yes', '-n', 'no-such-place');
    expect([exitCode, stdout, stderr]).toEqual([
      1,
      '',
      expect.stringMatching(/refused: ConfigMap\/deploycheck-backup: .*no-such-place.*not found/),
    ]);
    // Fields that somebody else owns are not taken from him.
    await inNamespace('create', 'configmap', 'mine', '--from-literal=deploycheck.yaml=other');
    const owned = await schedule('--apply', '--yes', '--name', 'mine');
    expect([owned.exitCode, owned.stderr]).toEqual([
      1,
      expect.stringMatching(/refused: ConfigMap\/mine: .*conflict/),
    ]);
    expect(await inNamespace('get', 'cronjobs', '-o', 'name')).not.toContain('mine');
  });

  it('mounts the volume of a repository in a folder', async () => {
    const place = ['--repository', 'file:/srv/backups'];
    const { stdout } = await schedule(...place, '--volume-claim', 'backups', '--name', 'folder');
    expect(stdout).toContain('claimName: backups');
    expect(stdout).toMatch(/- --repository\n\s+- file:\/repository\n/);
    await kubectl(['apply', '--server-side', '--dry-run=server', '-f', '-'], stdout);
    await expect(schedule(...place)).resolves.toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--volume-claim'),
    });
  });

  describe('of encrypted, signed sets', () => {
    const keys = ['--sign-key-secret', 'shop-sign', '--identity-secret', 'shop-identity'];
    const sealed = `repository:
  url: "s3://backups/shop"
  retention: { daily: 7 }
  encryption: { recipients: [age1x], nameKey: env:SHOP_NAME_KEY }
  signing: { key: /home/me/key, allowedSigners: allowed_signers }
`;
    const changed = async (text: string) => {
      const plain = configuration(namespace.name);
      await writeFile(
        join(cwd, 'deploycheck.yaml'),
        plain
          .replace(/^repository:.*\n/m, text)
          .replace(
            'Secret/shop-backup',
            'Secret/shop-backup, Secret/shop-sign, Secret/shop-identity',
          ),
      );
    };
    beforeAll(async () => {
      if (!bed) return;
      await writeFile(join(cwd, 'allowed_signers'), 'backup@db1,role:backup ssh-ed25519 AAAA\n');
      await changed(sealed);
      for (const [name, key] of [
        ['shop-sign', 'sign-key'],
        ['shop-identity', 'identity'],
      ]) {
        const content = `--from-literal=${key}=content-of-${key}`;
        await inNamespace('create', 'secret', 'generic', name ?? '', content);
      }
    });
    afterAll(async () => {
      if (bed) await writeFile(join(cwd, 'deploycheck.yaml'), configuration(namespace.name));
    });

    it('has each key as a file of the one job that needs it', async () => {
      const printed = await schedule(...all, ...keys);
      expect([printed.exitCode, printed.stderr.split('\n')]).toEqual([
        0,
        [
          expect.stringMatching(/^the Secret shop-backup has to hold: .*SHOP_NAME_KEY, AWS/),
          'the Secret shop-sign has to hold the SSH key that signs: sign-key',
          'the Secret shop-identity has to hold the identity file of age: identity',
        ],
      ]);
      const validated = await run(
        ['validate', 'manifests', '-', '--kube-version', '1.34', '--fail-on', 'info'],
        printed.stdout,
      );
      expect([validated.exitCode, validated.stdout]).toEqual([0, expect.stringMatching(/^GO/)]);
    });

    it.each([
      ['', ['sign-key'], '--sign-key /etc/deploycheck-key/sign-key '],
      ['-rehearse', ['identity', 'identity at /etc/deploycheck-key/identity'], ''],
      ['-freshness', [], ''],
      ['-prune', [], ''],
    ])('runs in a restricted namespace: sealed%s', async (suffix, [key, said], words) => {
      const named = [...all, ...keys, '--name', 'sealed'];
      expect((await schedule(...named, '--apply', '--yes')).exitCode).toBe(0);
      const job = `job/try-sealed${suffix}`;
      await inNamespace('create', 'job', job.slice(4), `--from=cronjob/sealed${suffix}`);
      await inNamespace('wait', job, '--for=condition=Complete', '--timeout=120s');
      const log = await inNamespace('logs', job);
      expect(log).toMatch(
        new RegExp(`called with: backup .*${words}.*--trust /etc/deploycheck/allowed_signers`),
      );
      expect(log).toContain('signers: backup@db1,role:backup ssh-ed25519 AAAA\n');
      const contents = [...log.matchAll(/content-of-(\S+)/g)].map(([, name]) => name);
      expect(contents).toEqual(key === undefined ? [] : [key]);
      expect(log).toContain(said ?? 'identity at none');
    });

    it.each([
      [sealed, keys.slice(2), '--sign-key-secret'],
      [sealed, keys.slice(0, 2), '--identity-secret'],
      [sealed, ['--sign-key-secret', 'shop-backup', ...keys.slice(2)], 'give it another'],
      [sealed.replace('env:SHOP_NAME_KEY', 'file:key'), keys, 'nameKey'],
      [sealed.replace(/, nameKey[^}]*/, ' '), keys, 'nameKey'],
      [sealed.replace(/^.*(?:encr|sign).*\n/gm, ''), keys, 'are not signed'],
      [sealed.replace('Signers: allowed_signers', 'Signers: none'), keys, 'none: ENOENT'],
    ])('refuses %s with %j', async (text, flags, message) => {
      await changed(text);
      const { exitCode, stdout, stderr } = await schedule(...all, ...flags);
      await changed(sealed);
      expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
    });
  });

  it.each([
    [['--cron', '@daily'], 'usage-invalid'],
    [['--freshness', '61'], 'usage-invalid'],
    [['--time-zone', 'Mars/Olympus'], 'usage-invalid'],
    [['--name', 'Not_A_Name'], 'usage-invalid'],
    [['--name', 'x'.repeat(53)], 'usage-invalid'],
    [['--volume-claim', 'x'], 'usage-invalid'],
    [
      ['--rehearse', '0 5 * * 0', '--rehearse-server', 'postgres://u:secret-pw@h/d'],
      'usage-invalid',
    ],
  ] as const)('refuses %j', async (args, code) => {
    const { exitCode, stdout, stderr } = await schedule(...args);
    expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining(`(${code})`)]);
    expect(stderr).not.toContain('secret-pw');
  });

  it('wants an image, for there is none that could be assumed', async () => {
    const { exitCode, stderr } = await run(['backup', 'schedule', '--secret', 'shop-backup']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Missing required flag image')]);
    const odd = ['backup', 'schedule', '--secret', 'shop-backup', '--image', 'shop/Bad Name'];
    await expect(run(odd)).resolves.toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('(reference-invalid)'),
    });
  });
});
