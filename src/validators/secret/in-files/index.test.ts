import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sha256, sha256Hex } from '../../../core/digest.ts';
import { Fault } from '../../../core/fault.ts';
import { targetOfExample } from '../examples.ts';
import { fileSetOfText, loadFiles } from '../load.ts';
import { checksummedToken, examine, noise } from '../testing.ts';
import { check } from './index.ts';

const { signal } = new AbortController();
const token = checksummedToken('ghp_');

async function folder(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'deploycheck-secret-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

it.each(['bad', 'good'] as const)('finds in its %s example what it promises', async (kind) => {
  const example = check.meta[kind];
  const target = await targetOfExample(example);
  if (target.kind !== 'fileSet') expect.unreachable();
  const { findings, outcomes } = await examine(check, target);
  expect(
    findings.map(({ messageId, location: { line, column } }) => ({ messageId, line, column })),
  ).toEqual(example.findings);
  expect(outcomes[0]?.outcome).toBe(kind === 'bad' ? 'findings' : 'pass');
});

it('reads a tree once, with positions in text and none in binary files', async () => {
  const root = await folder({
    'a.txt': `\n  ${token}\n`,
    'b/data.bin': Buffer.concat([Buffer.alloc(600_000), Buffer.from(token), Buffer.alloc(600_000)]),
    '.git/config': token,
    'node_modules/x/index.js': token,
    'c.txt': 'nothing',
  });
  await symlink('/etc', join(root, 'link'));
  const set = await loadFiles({ paths: ['.'], root, signal });
  expect(set.files.map(({ path, size }) => [path, size])).toEqual([
    ['a.txt', 44],
    ['b/data.bin', 1_200_040],
    ['c.txt', 7],
  ]);
  expect(set.digest).toBe(sha256(set.listing));
  expect(set.listing).toContain(`${sha256Hex('nothing')}  c.txt\n`);
  const { findings, outcomes, notExamined } = await examine(check, set);
  expect(findings.map(({ location }) => location)).toEqual([
    { file: 'a.txt', line: 2, column: 3 },
    { file: 'b/data.bin' },
  ]);
  expect([outcomes[0]?.outcome, notExamined]).toEqual(['findings', []]);
  expect(JSON.stringify(findings)).not.toContain(token.slice(4, 16));
});

it('keeps its fingerprint when lines move and loses it when the value changes', async () => {
  const fingerprint = async (text: string) => {
    const { findings } = await examine(check, fileSetOfText('a', text));
    return findings.map((finding) => finding.fingerprint);
  };
  expect(await fingerprint(`\n\n${token}`)).toEqual(await fingerprint(token));
  expect(await fingerprint(checksummedToken('ghp_', 2))).not.toEqual(await fingerprint(token));
});

it('warns when the checksum of a token does not hold', async () => {
  const { findings } = await examine(check, fileSetOfText('a', `ghp_${noise(36)}`));
  expect(findings).toMatchObject([{ messageId: 'doubtful-secret', severity: 'warning' }]);
});

it('says how many secrets it does not list', async () => {
  const tokens = Array.from({ length: 60 }, (_, seed) => checksummedToken('npm_', seed + 1));
  const { findings } = await examine(check, fileSetOfText('a', tokens.join('\n')));
  expect(findings.at(-1)?.message).toBe('a holds 10 more secrets that are not listed');
});

it('is inconclusive when a file cannot be read', async () => {
  // Address 0 is mapped in no process, so that not even root reads this file.
  const { outcomes, notExamined } = await examine(
    check,
    await loadFiles({ paths: ['/proc/self/mem', '/proc/self/stat'], root: '/', signal }),
  );
  expect(outcomes[0]?.outcome).toBe('inconclusive');
  expect(notExamined).toEqual([{ what: 'proc/self/mem', why: 'could not be read: EIO' }]);
});

it('is inconclusive about what is no file', async () => {
  const set = { ...fileSetOfText('a', 'a'), unread: [{ path: 'socket', why: 'not a file' }] };
  expect((await examine(check, set)).outcomes[0]?.outcome).toBe('inconclusive');
});

it('refuses an empty set and stops when told to', async () => {
  const root = await folder({ 'node_modules/a': 'a' });
  const load = (paths: string[], at = signal) => loadFiles({ paths, root, signal: at });
  await expect(load(['.'])).rejects.toMatchObject({ code: 'input-empty' });
  await expect(load(['nothing'])).rejects.toBeInstanceOf(Fault);
  const reason = new Error('enough');
  await expect(load(['.'], AbortSignal.abort(reason))).rejects.toBe(reason);
});
