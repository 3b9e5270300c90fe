import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploycheck } from '../../e2e/cli.ts';
import { systems } from '../../systems/bed.ts';
import { createNamespace, kubectl, type TestNamespace } from '../../systems/kubernetes.ts';
import { hasTool } from '../../systems/tools.ts';

const bed = hasTool('go') ? await systems('kubernetes') : undefined;

/** The definitions are those of the project itself; its operator has no part in this. */
const release = 'github.com/cloudnative-pg/cloudnative-pg@v1.27.0';
const kinds = ['backups', 'clusters', 'scheduledbackups'];
const definitions = (): string[] => {
  const text = execFileSync('go', ['mod', 'download', '-json', release], { encoding: 'utf8' });
  const folder = join(JSON.parse(text).Dir, 'config/crd/bases');
  return kinds.map((kind) => join(folder, `postgresql.cnpg.io_${kind}.yaml`));
};

const hour = 3_600_000;
const ago = (milliseconds: number): string =>
  new Date(Date.now() - milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');

describe.skipIf(!bed)('backups that CloudNativePG keeps', { timeout: 180_000 }, () => {
  let namespace: TestNamespace;
  let files: string[] = [];
  let cwd: string;
  const run = (...args: string[]) =>
    deploycheck(['backup', ...args], {
      cwd,
      env: {
        KUBECONFIG: bed?.('KUBECONFIG') ?? '',
        SHOP_DATABASE_URL: 'postgres://a@127.0.0.1:1/b',
      },
    });
  const create = async (kind: string, name: string, spec: object, status?: object) => {
    const object = { apiVersion: 'postgresql.cnpg.io/v1', kind, metadata: { name }, spec };
    const at = ['--namespace', namespace.name];
    await kubectl(['create', ...at, '-f', '-'], JSON.stringify(object));
    if (status) await report(kind, name, status);
  };
  const report = (kind: string, name: string, status: object) =>
    kubectl([
      ...['patch', `${kind}.postgresql.cnpg.io`, name, '--namespace', namespace.name],
      ...['--subresource=status', '--type=merge', '--patch', JSON.stringify({ status })],
    ]);
  const condition = (type: string, status: string, message = '') => ({
    ...{ type, status, message, reason: 'Test', lastTransitionTime: ago(0) },
  });
  const clusterStatus = (archiving: ReturnType<typeof condition>[]) => ({
    systemID: '7710750317385214732',
    image: 'ghcr.io/cloudnative-pg/postgresql:17.4',
    conditions: archiving,
  });
  const config = (cluster: string) =>
    writeFile(
      join(cwd, 'deploycheck.yaml'),
      `version: 1
environments: { production: { database: main } }
databases:
  main:
    env: SHOP_DATABASE_URL
    backups: { cloudnativepg: { cluster: ${cluster}, namespace: ${namespace.name} } }
`,
    );

  beforeAll(async () => {
    if (!bed) return;
    cwd = await mkdtemp(join(tmpdir(), 'deploycheck-cnpg-'));
    namespace = await createNamespace('cnpg');
    await config('shop');
  });
  afterAll(async () => {
    if (!bed) return;
    for (const file of files) await kubectl(['delete', '-f', file, '--ignore-not-found']);
    await namespace?.[Symbol.asyncDispose]();
    await rm(cwd, { recursive: true, force: true });
  });

  it('cannot be looked at in a cluster that does not have them', async () => {
    for (const command of ['list', 'freshness', 'rehearse']) {
      const { exitCode, stderr } = await run(command);
      expect([command, exitCode, stderr]).toEqual([
        command,
        5,
        expect.stringContaining('repository-unreadable'),
      ]);
    }
  });

  it('are what its objects say', async () => {
    files = definitions();
    for (const file of files) await kubectl(['create', '-f', file]);
    await kubectl([
      'wait',
      '--for=condition=Established',
      ...files.flatMap((file) => ['-f', file]),
    ]);
    await create('Cluster', 'shop', { instances: 1, storage: { size: '1Gi' } });
    await report('Cluster', 'shop', clusterStatus([condition('ContinuousArchiving', 'True')]));
    const of = { cluster: { name: 'shop' } };
    const wal = { beginWal: '000000010000000000000002', endWal: '000000010000000000000003' };
    const lsn = { beginLSN: '0/2000028', endLSN: '0/3000100' };
    // Of the cluster that had the name before.
    await create('Backup', 'old', of, {
      ...{
        phase: 'completed',
        startedAt: ago(50 * hour),
        stoppedAt: ago(49 * hour),
        ...wal,
        ...lsn,
      },
    });
    await create('Backup', 'failed', of, {
      ...{
        phase: 'failed',
        startedAt: ago(2 * hour),
        stoppedAt: ago(hour),
        error: 'no space left',
      },
    });
    await create('Backup', 'other', { cluster: { name: 'other' } }, { phase: 'completed' });
    const listed = JSON.parse((await run('list', '--format', 'json')).stdout);
    expect(listed).toMatchObject([
      { label: 'failed', state: 'failed', problem: 'no space left' },
      { label: 'old', state: 'good', systemIdentifier: null, wal: { first: wal.beginWal } },
    ]);
    const stale = await run('freshness');
    expect([stale.exitCode, stale.stdout]).toEqual([
      1,
      expect.stringMatching(/^STALE .*newest backup old .*is 2 d 1 h old, and no more than 1 d/),
    ]);
    const began = new Date(Date.now() + 1000).toISOString();
    await create('Backup', 'new', of, {
      ...{ phase: 'completed', startedAt: began, stoppedAt: began, ...wal, ...lsn },
    });
    const [newest] = JSON.parse((await run('list', '--format', 'json')).stdout);
    expect(newest).toMatchObject({
      ...{ label: 'new', systemIdentifier: '7710750317385214732', serverMajor: 17 },
      ...{ lsn: { start: '0/2000028', stop: '0/3000100' }, encrypted: null },
    });
  });

  it('are never taken for rehearsed, and gaps never for looked for', async () => {
    const { exitCode, stdout } = await run('rehearse');
    expect([exitCode, stdout]).toEqual([
      3,
      expect.stringMatching(/a restore by CloudNativePG|root/),
    ]);
    const fresh = await run('freshness');
    expect([fresh.exitCode, fresh.stdout]).toEqual([
      3,
      expect.stringMatching(/^UNKNOWN .*log has gaps: CloudNativePG does not say/),
    ]);
  });

  it('are no good when archiving fails or every schedule is suspended', async () => {
    const schedule = { cluster: { name: 'shop' }, schedule: '0 0 0 * * *', suspend: true };
    await create('ScheduledBackup', 'daily', schedule);
    const suspended = await run('freshness');
    expect([suspended.exitCode, suspended.stdout]).toEqual([
      1,
      expect.stringMatching(/says that archiving fails: every ScheduledBackup .* is suspended/),
    ]);
    const failing = condition('ContinuousArchiving', 'False', 'the bucket is not there');
    await report('Cluster', 'shop', clusterStatus([failing]));
    const told = await run('freshness');
    expect([told.exitCode, told.stdout]).toEqual([
      1,
      expect.stringMatching(/says that archiving fails: the bucket is not there/),
    ]);
    await config('nobody');
    await expect(run('list')).resolves.toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('there is no such object'),
    });
  });
});
