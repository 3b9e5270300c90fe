import { expect, it } from 'vitest';
import { imageOf, saidOf } from '../testing.ts';
import { check } from './index.ts';

const day = 86_400_000;
const ago = (days: number) => new Date(Date.UTC(2026, 0, 1) - days * day).toISOString();
const clock = { now: () => new Date(Date.UTC(2026, 0, 1)), monotonic: () => 0 };

it.each([
  [ago(10), {}, []],
  [ago(181), {}, ['old']],
  [ago(181), { days: 200 }, []],
  [ago(31), { days: 30 }, ['old']],
  [ago(-0.5), {}, []],
  [ago(-3), {}, ['future']],
])('says of an image made at %s with %j', async (created, options, ids) => {
  const image = await imageOf({}, [], { created });
  const context = {
    target: image,
    options,
    clock,
    signal: new AbortController().signal,
    evidence: { add: () => Promise.reject(new Error('no evidence')) },
    notExamined: () => {},
    skip: () => {},
  };
  expect((await check.run(context)).map(({ messageId }) => messageId)).toEqual(ids);
});

it.each(['', '0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '1980-01-01T00:00:00Z', 'yesterday'])(
  'is not meant for an image made at %j',
  async (created) => {
    expect(await saidOf(check, { created })).toEqual(['skipped']);
  },
);
