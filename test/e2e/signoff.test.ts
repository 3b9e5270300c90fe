import { readdirSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFile } from '../../src/core/package-root.ts';
import { hasTool } from '../systems/tools.ts';
import { deploycheck, newKey, shopWorkspace, type Workspace } from './cli.ts';

let shop: Workspace;
let cwd: string;
let signers: string;
let alice: Awaited<ReturnType<typeof newKey>>;
let mallory: Awaited<ReturnType<typeof newKey>>;

const hasKeys = hasTool('ssh-keygen');

/** Runs argv[2:] at a terminal of its own and types argv[1] once it is asked for a passphrase. */
const answerAtTerminal = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
seen = b''
asked = False
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
    if not asked and b'passphrase' in seen:
        asked = True
        os.write(terminal, sys.argv[1].encode() + b'\\n')
print(seen.decode(errors='replace'))
print('exit', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

beforeAll(async () => {
  if (!hasKeys) return;
  shop = await shopWorkspace();
  cwd = shop.release('v2');
  signers = join(shop.folder, 'allowed_signers');
  alice = await newKey(shop.folder, 'alice', ['release']);
  mallory = await newKey(shop.folder, 'mallory', ['release']);
  await writeFile(signers, alice.line);
  expect((await deploycheck(['checklist'], { cwd })).exitCode).toBe(3);
});
afterAll(() => shop?.[Symbol.asyncDispose]());

function sign(decision: string, who = alice, ...more: string[]) {
  const args = ['sign', 'last', '--decision', decision, '--key', who.key, '--identity'];
  return deploycheck([...args, who.identity, ...more], { cwd });
}

function verify(...more: string[]) {
  return deploycheck(['verify', 'last', ...more], { cwd });
}

function lastRun(): string {
  const runs = join(cwd, '.deploycheck/runs');
  return join(runs, readdirSync(runs).sort().at(-1) ?? '');
}

describe.skipIf(!hasKeys)('sign-off of v2', () => {
  it('refuses to approve and names the items', async () => {
    const { exitCode, stderr } = await sign('approve');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('(approval-refused)');
    expect(stderr).toContain('9 backups: pending');
    expect(stderr).not.toContain('1 images');
    expect(readdirSync(join(lastRun(), 'signoffs'))).toEqual([]);
  });

  it('takes a hold, and verify says who holds it', async () => {
    expect((await sign('hold', alice, '--comment', 'backup drill first')).exitCode).toBe(0);
    const { exitCode, stderr } = await verify();
    expect(exitCode).toBe(3);
    expect(stderr).toContain('held by alice@example.com (release): backup drill first');
  });

  it.skipIf(!hasTool('python3'))(
    'lets ssh-keygen ask for a passphrase at the terminal',
    async () => {
      const passphrase = 'correct horse';
      await execa('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', alice.key]);
      const command = [process.execPath, packageFile('bin/run.js'), 'sign', 'last'];
      const flags = ['--decision', 'hold', '--key', alice.key, '--identity', alice.identity];
      const { stdout } = await execa(
        'python3',
        ['-c', answerAtTerminal, passphrase, ...command, ...flags, '--comment', 'still holding'],
        { cwd, timeout: 50_000 },
      );
      await execa('ssh-keygen', ['-q', '-p', '-P', passphrase, '-N', '', '-f', alice.key]);
      expect(stdout).toMatch(/Enter passphrase[\s\S]*hold by alice@example.com/);
      expect(stdout).toContain('exit 0');
      expect((await verify()).stderr).toContain('still holding');
    },
  );

  it('can be checked with ssh-keygen and sha256sum alone', async () => {
    const run = lastRun();
    const [file = ''] = readdirSync(join(run, 'signoffs')).filter((name) => name.endsWith('.json'));
    const statement = join(run, 'signoffs', file);
    for (const identity of [alice.identity, 'role:release']) {
      const args = ['-Y', 'verify', '-f', signers, '-I', identity, '-n', 'signoff@deploycheck'];
      const input = await readFile(statement);
      const { stdout } = await execa('ssh-keygen', [...args, '-s', `${statement}.sig`], { input });
      expect(stdout).toContain('Good "signoff@deploycheck" signature');
    }
    await execa('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: run });
    const { stdout } = await execa('sha256sum', ['record.json'], { cwd: run });
    expect(await readFile(statement, 'utf8')).toContain(stdout.split(' ')[0]);
    await execa('sha256sum', ['--check', '--strict', join(run, 'evidence/manifests.sha256')], {
      cwd,
    });
  });

  it('is rejected by a reject of the same person', async () => {
    await sign('reject');
    const { exitCode, stderr } = await verify();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('rejected by alice@example.com');
    await sign('hold');
  });

  it('refuses a signer nobody allowed', async () => {
    const { exitCode, stderr } = await sign('hold', mallory);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('(signature-failed)');
    expect(stderr).toContain('not allowed for this signer');
  });

  it('refuses a role nobody granted', async () => {
    const { exitCode, stderr } = await sign('hold', alice, '--role', 'security');
    expect(exitCode).toBe(4);
    expect(stderr).toContain('in role security');
  });

  it('does not take a role for a person', async () => {
    const { exitCode, stderr } = await sign('hold', { ...alice, identity: 'role:release' });
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('not the name of a person')]);
  });

  it('asks for the decision, and says which flag answers without a terminal', async () => {
    const { exitCode, stderr } = await deploycheck(['sign', 'last', '--key', alice.key], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('(terminal-required)');
    expect(stderr).toContain('--decision');
  });

  it('refuses a key that cannot sign', async () => {
    const args = ['sign', 'last', '--decision', 'hold', '--key', signers, '--identity', 'a@b'];
    const { exitCode, stderr } = await deploycheck(args, { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('(key-unusable)');
    expect(stderr).toContain(signers);
  });
});

describe.skipIf(!hasKeys)('verify', () => {
  it('is stale when one byte of a manifest changed, and names the file', async () => {
    const manifest = join(cwd, 'manifests/service.yaml');
    const before = await readFile(manifest);
    await appendFile(manifest, '#');
    const { exitCode, stderr } = await verify();
    await writeFile(manifest, before);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('changed since: manifests/service.yaml was changed');
    expect((await verify()).exitCode).toBe(3);
  });

  it('is stale when a migration was added, and names it', async () => {
    const migration = join(cwd, 'migrations/0009_more.up.sql');
    await writeFile(migration, 'select 1;\n');
    const { exitCode, stderr } = await verify();
    await execa('rm', [migration]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('migrations/0009_more.up.sql was added');
  });

  it('finds one changed byte of the record, and names the file', async () => {
    const file = join(lastRun(), 'record.json');
    const before = await readFile(file);
    const changed = Buffer.from(before);
    changed[changed.length - 10] = (changed[changed.length - 10] ?? 0) ^ 1;
    await writeFile(file, changed);
    const { exitCode, stderr } = await verify();
    await writeFile(file, before);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('record.json was changed');
  });

  it('finds a changed signed statement', async () => {
    const folder = join(lastRun(), 'signoffs');
    const name =
      readdirSync(folder)
        .filter((entry) => entry.endsWith('.json'))
        .at(-1) ?? '';
    const file = join(folder, name);
    const before = await readFile(file, 'utf8');
    await writeFile(file, before.replace('"hold"', '"approve"'));
    const { exitCode, stderr } = await verify();
    await writeFile(file, before);
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('was changed')]);
  });

  it('does not take a signature made for another purpose', async () => {
    const folder = join(lastRun(), 'signoffs');
    const name =
      readdirSync(folder)
        .filter((entry) => entry.endsWith('.json'))
        .at(-1) ?? '';
    const file = join(folder, name);
    const before = await readFile(`${file}.sig`);
    await execa('rm', [`${file}.sig`]);
    await execa('ssh-keygen', ['-q', '-Y', 'sign', '-f', alice.key, '-n', 'git', file]);
    const { exitCode, stderr } = await verify();
    await writeFile(`${file}.sig`, before);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('another purpose');
  });

  it('finds a sign-off that was removed or renamed', async () => {
    const folder = join(lastRun(), 'signoffs');
    const name =
      readdirSync(folder)
        .filter((entry) => entry.endsWith('.json'))
        .at(-1) ?? '';
    const [from, to] = [join(folder, name), join(folder, 'zz.json')];
    await execa('mv', [from, to]);
    const { exitCode, stderr } = await verify();
    await execa('mv', [to, from]);
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining(`${name} is missing`)]);
  });

  it('finds a file that nobody signed', async () => {
    const file = join(lastRun(), 'evidence/approved.html');
    await writeFile(file, 'looks official');
    const { exitCode, stderr } = await verify();
    await execa('rm', [file]);
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('is not part of the run')]);
  });

  it('says that a decision has expired', async () => {
    const other = await shopWorkspace();
    const options = { cwd: other.release('v2') };
    await writeFile(join(other.folder, 'allowed_signers'), alice.line);
    await deploycheck(['checklist', '--quiet'], options);
    const args = ['sign', 'last', '--decision', 'hold', '--key', alice.key];
    await deploycheck([...args, '--identity', alice.identity, '--expires-in', '1ms'], options);
    const { exitCode, stderr } = await deploycheck(['verify', 'last'], options);
    await other[Symbol.asyncDispose]();
    expect(exitCode).toBe(4);
    expect(stderr).toContain('it ended at');
  });

  it('needs to know whom to trust', async () => {
    const { exitCode, stderr } = await verify('--trust', '/nowhere/allowed_signers');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('(signers-missing)');
    expect(stderr).toContain('/nowhere/allowed_signers');
  });
});

describe.skipIf(!hasKeys)('a bundle', () => {
  it('is exported, signed elsewhere, verified and imported', async () => {
    const file = join(shop.folder, 'release.tar');
    expect((await deploycheck(['run', 'export', 'last', '--file', file], { cwd })).exitCode).toBe(
      0,
    );
    const elsewhere = { cwd: shop.folder };
    const args = ['sign', file, '--decision', 'reject', '--key', alice.key, '--trust', signers];
    const signed = await deploycheck([...args, '--identity', alice.identity], elsewhere);
    expect(signed.exitCode).toBe(0);
    const verified = await deploycheck(['verify', file, '--trust', signers], { cwd });
    expect([verified.exitCode, verified.stderr]).toEqual([1, expect.stringContaining('rejected')]);

    const alone = await deploycheck(
      ['verify', file, '--trust', signers, '--record-only'],
      elsewhere,
    );
    expect(alone.exitCode).toBe(1);
    expect((await deploycheck(['run', 'import', file], elsewhere)).exitCode).toBe(0);
    expect((await deploycheck(['run', 'list'], elsewhere)).stdout).toContain('checklist');
    expect((await deploycheck(['run', 'import', file], elsewhere)).exitCode).toBe(2);
  });

  it('is refused when it is none, or carries more than a run', async () => {
    const elsewhere = { cwd: shop.folder };
    const text = join(shop.folder, 'text.tar');
    await writeFile(text, 'not a tar');
    const none = await deploycheck(['run', 'import', text], elsewhere);
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('(bundle-invalid)')]);
    const evil = join(shop.folder, 'evil.tar');
    const args = ['-cf', evil, '--transform', 's,^,x/../../,', 'allowed_signers'];
    await execa('tar', ['-P', ...args], elsewhere);
    const { exitCode, stderr } = await deploycheck(['run', 'import', evil], elsewhere);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('unexpected entry')]);
  });

  it('is the same bytes every time', async () => {
    const files = ['a.tar', 'b.tar'].map((name) => join(shop.folder, name));
    for (const file of files) await deploycheck(['run', 'export', 'last', '--file', file], { cwd });
    const [a, b] = await Promise.all(files.map((file) => readFile(file)));
    expect(a?.equals(b ?? Buffer.alloc(0))).toBe(true);
  });
});
