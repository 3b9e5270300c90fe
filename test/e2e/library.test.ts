import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { createGit } from '../../src/adapters/git/command.ts';
import { createProcessRunner } from '../../src/adapters/process/execa.ts';
import { adoptRun, packRun, unpackRun } from '../../src/checklist/bundle.ts';
import { orderedItems } from '../../src/checklist/items/ordered.ts';
import { type ChecklistEvent, runChecklist } from '../../src/checklist/run.ts';
import { evaluateSignoffs, signRun } from '../../src/checklist/signoffs.ts';
import { newWaiver } from '../../src/checklist/statement.ts';
import { releaseTargets } from '../../src/checklist/targets/release.ts';
import { verifyRun } from '../../src/checklist/verify.ts';
import { readWaivers, storeWaiver } from '../../src/checklist/waivers.ts';
import { diagnose } from '../../src/config/doctor.ts';
import { environmentNamed } from '../../src/config/environment.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Clock } from '../../src/core/clock.ts';
import { readRun, type StoredRun } from '../../src/core/run-store.ts';
import { startRun } from '../../src/core/run-writer.ts';
import { createScope } from '../../src/core/scope.ts';
import { namespaces, signMessage } from '../../src/core/ssh-signature.ts';
import { writeWhole } from '../../src/core/write-whole.ts';
import { systemsAt } from '../../src/validators/image/testing.ts';
import { checks } from '../../src/validators/registry.ts';
import { hasTool } from '../systems/tools.ts';
import { newKey, shopWorkspace, type Workspace } from './cli.ts';

/** The same road as the commands take, in this process: real git, ssh-keygen, images and disk. */
const hasKeys = hasTool('ssh-keygen');
const { signal } = new AbortController();
const processes = createProcessRunner();
const git = createGit(processes);
const signer = { processes, signal };

let shop: Workspace;
let root: string;
let signers: string;
let alice: Awaited<ReturnType<typeof newKey>>;
let bob: Awaited<ReturnType<typeof newKey>>;

beforeAll(async () => {
  if (!hasKeys) return;
  shop = await shopWorkspace();
  root = shop.release('v2');
  signers = join(shop.folder, 'allowed_signers');
  alice = await newKey(shop.folder, 'alice', ['release']);
  bob = await newKey(shop.folder, 'bob', ['waiver']);
  await writeFile(signers, alice.line + bob.line);
});
afterAll(() => shop?.[Symbol.asyncDispose]());

/** The images of the example are files. */
const imageSystems = systemsAt('unix:///no-such-folder/docker.sock');

const home = () => ({ folder: join(root, '.deploycheck') });
const waiverFolder = () => join(root, 'deploycheck.waivers');

async function checklist(onEvent: (event: ChecklistEvent) => void = () => {}): Promise<StoredRun> {
  const config = await loadConfig({ folder: root, env: {} });
  await using scope = createScope();
  const run = await startRun(home(), { clock: systemClock, scope, signal });
  const record = await runChecklist(
    {
      config,
      environment: environmentNamed(config, undefined),
      command: 'checklist',
      require: 'signoff',
      toolVersion: '0.0.0',
    },
    {
      ...signer,
      git,
      imageSystems,
      scope,
      clock: systemClock,
      evidence: run.evidence,
      checks,
      items: orderedItems,
      waiverFolder: waiverFolder(),
      allowedSigners: signers,
      onEvent,
    },
  );
  await run.publish(record);
  return readRun(home(), run.id);
}

async function targetsNow() {
  const config = await loadConfig({ folder: root, env: {} });
  const evidence = {
    add: async ({ name, mediaType }: { name: string; mediaType: string }) => {
      return { name, mediaType, sha256: '', size: 0, obtainedAt: '', how: '' };
    },
  };
  const environment = environmentNamed(config, undefined);
  const scope = createScope();
  const context = { ...signer, config, environment, git, signal, evidence, scope, imageSystems };
  return releaseTargets(context);
}

async function waive(run: StoredRun, target: string): Promise<void> {
  const now = Date.now();
  const message = newWaiver(run.record.inputs, {
    id: `w-${target}`,
    target,
    reason: 'not yet',
    owner: 'shop',
    role: 'waiver',
    identity: bob.identity,
    signedAt: new Date(now).toISOString(),
    until: new Date(now + 86_400_000).toISOString(),
  });
  const signature = await signMessage(signer, {
    message,
    key: bob.key,
    namespace: namespaces.waiver,
  });
  await storeWaiver(waiverFolder(), `w-${target}`, message, signature);
}

const policy = () => ({ roles: { release: 1 }, allowedSigners: signers, author: undefined });

describe.skipIf(!hasKeys)('from checklist to verification', () => {
  it('runs all items at once and tells how they get on', async () => {
    const events: ChecklistEvent[] = [];
    const run = await checklist((event) => events.push(event));
    const of = (type: ChecklistEvent['type']) =>
      events.filter((event) => event.type === type).length;
    expect([of('item-started'), of('item-ended')]).toEqual([12, 12]);
    const started = events.findIndex((event) => event.type === 'item-ended');
    expect(events.slice(0, started).filter((event) => event.type === 'item-started')).toHaveLength(
      12,
    );
    expect(run.record.verdict).toBe('pending');
  });

  it('goes through waivers to an approval that holds until something changes', async () => {
    const open = (await checklist()).record.items.filter((item) => item.status === 'pending');
    const first = await checklist();
    for (const { id } of open) await waive(first, id);
    expect(
      (
        await readWaivers(waiverFolder(), {
          ...signer,
          clock: systemClock,
          allowedSigners: signers,
        })
      ).map((waiver) => waiver.problem),
    ).toEqual(open.map(() => null));

    const run = await checklist();
    expect(run.record.gates.evidence).toBe('go');
    await signRun(
      {
        run,
        decision: 'approve',
        role: 'release',
        identity: alice.identity,
        comment: '',
        key: alice.key,
        expiresInMs: 3_600_000,
        allowedSigners: signers,
        author: undefined,
      },
      { ...signer, clock: systemClock },
    );
    const verify = async (clock: Clock = systemClock) =>
      verifyRun(run, policy(), await targetsNow(), { ...signer, clock });
    expect((await verify()).record.verdict).toBe('go');

    const later = { ...systemClock, now: () => new Date(Date.now() + 2 * 86_400_000) };
    const ended = await verify(later);
    expect(ended.record.verdict).toBe('stale');
    expect(ended.changes.every(({ source }) => source.startsWith('waiver '))).toBe(true);

    const manifest = join(root, 'manifests/service.yaml');
    const before = await readFile(manifest);
    await appendFile(manifest, '# changed\n');
    const changed = await verify();
    await writeFile(manifest, before);
    expect(changed.changes).toEqual([{ source: 'manifests/service.yaml', what: 'was changed' }]);
  });

  it('carries a run and its sign-offs in a bundle', async () => {
    const run = await checklist();
    const file = join(shop.folder, 'run.tar');
    await writeWhole(file, await packRun(run));
    const elsewhere = { folder: join(shop.folder, 'elsewhere') };
    await mkdir(join(elsewhere.folder, 'unpacked'), { recursive: true });
    const unpacked = await unpackRun(file, join(elsewhere.folder, 'unpacked'));
    expect(unpacked.record).toEqual(run.record);
    await adoptRun(elsewhere, unpacked, signal);
    const adopted = await readRun(elsewhere, run.id);
    const { gate } = await evaluateSignoffs(adopted, policy(), { ...signer, clock: systemClock });
    expect(gate).toBe('waiting');
    expect((await readRun(elsewhere, 'last')).id).toBe(run.id);
  });

  it('counts two of a role by their keys', async () => {
    const run = await checklist();
    const two = { ...policy(), roles: { release: 2 } };
    const { detail } = await evaluateSignoffs(run, two, { ...signer, clock: systemClock });
    expect(detail).toBe('waiting for 2 of role release');
  });
});

describe.skipIf(!hasKeys)('the doctor', () => {
  it('says which servers are configured and do not answer', async () => {
    const config = await loadConfig({ folder: root, env: {} });
    const env = {
      DOCKER_HOST: 'tcp://127.0.0.1:1',
      KUBECONFIG: join(root, 'deploycheck.yaml'),
      SHOP_DATABASE_URL: 'postgres://u:p%zz@127.0.0.1:1/x',
      SHOP_S3_ENDPOINT: 'http://127.0.0.1:1',
    };
    const found = await diagnose({ config, processes, signal, env });
    const servers = found.filter(({ kind }) => kind === 'server');
    expect(servers.map(({ status }) => status)).toEqual(servers.map(() => 'no-answer'));
    const bare = await diagnose({ config, processes, signal, env: {} });
    expect(
      bare.filter(({ name }) => /^(database|object store)/.test(name)).map(({ status }) => status),
    ).toEqual(['not-configured', 'not-configured']);
  });
});
