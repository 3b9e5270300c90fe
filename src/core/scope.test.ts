import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Fault } from './fault.ts';
import { createLedger, orphans } from './leftovers.ts';
import { createScope } from './scope.ts';

it('undoes last in first out', async () => {
  const order: string[] = [];
  {
    await using scope = createScope();
    await scope.defer('first', () => void order.push('first'));
    await scope.defer('second', () => void order.push('second'));
  }
  expect(order).toEqual(['second', 'first']);
});

it('tries every step and gathers the failures', async () => {
  const scope = createScope();
  let reached = false;
  await scope.defer('reached', () => {
    reached = true;
  });
  await scope.defer('broken', () => Promise.reject(new Error('no')));
  await expect(scope[Symbol.asyncDispose]()).rejects.toThrow(AggregateError);
  expect(reached).toBe(true);
});

it('gives up a step at its deadline and aborts its signal', async () => {
  const scope = createScope();
  let aborted = false;
  await scope.defer(
    'hangs',
    (signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          setImmediate(resolve);
        });
      }),
    { deadlineMs: 20 },
  );
  await expect(scope[Symbol.asyncDispose]()).rejects.toMatchObject({
    code: 'clean-up-incomplete',
    message: expect.stringMatching(/^could not undo: hangs: .*longer than 20 ms$/),
  });
  expect(aborted).toBe(true);
});

it('tells what a system kept from being undone from a bug of its own', async () => {
  const lost = () => Promise.reject(new Fault('database-unreachable', 'nobody answers'));
  const scope = createScope();
  await scope.defer('scratch', lost);
  await expect(scope[Symbol.asyncDispose]()).rejects.toMatchObject({
    code: 'clean-up-incomplete',
    message: 'could not undo: scratch: nobody answers',
  });
  await scope.defer('scratch', lost);
  await scope.defer('broken', () => Promise.reject(new Error('no')));
  await expect(scope[Symbol.asyncDispose]()).rejects.toThrow(AggregateError);
});

it('keeps a leftover on disk until it is undone, and does not call a live owner an orphan', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-ledger-'));
  try {
    const scope = createScope(createLedger(folder));
    await scope.defer('thing', () => {}, { leftover: { kind: 'folder', ref: '/nowhere' } });
    expect(await readdir(folder)).toHaveLength(1);
    expect(await orphans(folder)).toEqual([]);
    await scope[Symbol.asyncDispose]();
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
