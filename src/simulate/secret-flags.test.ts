import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseEnv, secretsOf } from './secret-flags.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-secret-'));
  await writeFile(join(folder, 'a.env'), '# test\nUSER=ada\n\nURL=postgres://x?a=b\n');
  await writeFile(join(folder, 'tls.key'), 'private');
});
afterAll(() => rm(folder, { recursive: true }));

it('reads files, puts those of one name together, and tells every value', async () => {
  const told: string[] = [];
  const flags = [`keys=env-file:${folder}/a.env`, `keys=from-file:${folder}/tls.key`, 'pull=copy'];
  const secrets = await secretsOf(flags, (value) => told.push(value));
  expect(secrets.get('keys')).toEqual({
    from: 'values',
    values: { USER: 'ada', URL: 'postgres://x?a=b', 'tls.key': 'private' },
  });
  expect(secrets.get('pull')).toEqual({ from: 'copy' });
  expect(told).toEqual(['ada', 'postgres://x?a=b', 'private']);
});

it.each([
  ['keys', /expected NAME=env-file/],
  ['keys=hunter22', /expected NAME=env-file/],
  ['keys=env-file:/nowhere', /cannot be read/],
])('refuses %s', async (flag, message) => {
  await expect(secretsOf([flag], () => undefined)).rejects.toThrow(message);
});

it('takes chosen keys of the target, or makes values up', async () => {
  const secrets = await secretsOf(['a=copy:USER,URL', 'b=generate'], () => undefined);
  expect(secrets.get('a')).toEqual({ from: 'copy', keys: ['USER', 'URL'] });
  expect(secrets.get('b')).toEqual({ from: 'generated' });
  await expect(secretsOf(['a=generate', 'a=copy'], () => undefined)).rejects.toThrow(
    /cannot be put/,
  );
});

it('does not repeat what may be a secret', async () => {
  const refused = secretsOf(['keys=hunter22'], () => undefined);
  await expect(refused).rejects.not.toThrow(/hunter22/);
});

it('takes no copy together with values', async () => {
  const flags = ['keys=copy', `keys=env-file:${folder}/a.env`];
  await expect(secretsOf(flags, () => undefined)).rejects.toThrow(/cannot be put together/);
  await expect(secretsOf([...flags].reverse(), () => undefined)).rejects.toThrow(/together/);
});

it('names the line that is none', () => {
  expect(() => parseEnv('A=b\nwhat\n', 'x.env')).toThrow('x.env:2: expected KEY=value');
});
