import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { variablesOf, withoutValues } from './variables.ts';

const read = async (env: string[], file?: string) => {
  const seen: string[] = [];
  const files: string[] = [];
  if (file !== undefined) {
    const folder = await mkdtemp(join(tmpdir(), 'deploycheck-env-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'test.env'), file);
    files.push(join(folder, 'test.env'));
  }
  const variables = await variablesOf({ env, files }, { HERE: 'mine' }, (v) => seen.push(v));
  return { variables, seen };
};

it('reads flags over files, and what this process has', async () => {
  const file = '# none\n\nA=from file\nB= kept \nC=x=y\n';
  const { variables, seen } = await read(['A=flag', 'HERE', 'EMPTY='], file);
  expect(variables).toEqual({ A: 'flag', B: ' kept ', C: 'x=y', HERE: 'mine', EMPTY: '' });
  expect(seen).toEqual(expect.arrayContaining(['flag', ' kept ', 'x=y', 'mine']));
});

it('never repeats what may be a value', async () => {
  await expect(read([], 'A=1\n=hunter2\n')).rejects.toThrow(/test\.env:2: expected NAME=VALUE$/);
  await expect(read(['=hunter2'])).rejects.toThrow(/^--env: expected NAME=VALUE$/);
  await expect(read(['a b=hunter2'])).rejects.toThrow(/^--env: expected NAME=VALUE$/);
  await expect(read(['ABSENT'])).rejects.toThrow('ABSENT is not set here');
});

it('takes the values out of a command line', () => {
  const line = ['shop:1', '--env', 'A=1', '--env=B=2', '--env', 'C', '--memory', 'x=1', '--env'];
  expect(withoutValues(line)).toEqual([
    ...['shop:1', '--env', 'A=…', '--env=B=…', '--env', 'C', '--memory', 'x=1', '--env'],
  ]);
});
