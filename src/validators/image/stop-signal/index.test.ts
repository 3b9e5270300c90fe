import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['', []],
  ['SIGTERM', []],
  ['quit', []],
  ['15', []],
  ['SIGRTMIN+3', []],
  ['RTMAX-14', []],
  ['SIGKILL', ['fatal']],
  ['9', ['fatal']],
  ['STOP', ['fatal']],
  ['SIGSTOPP', ['unknown']],
  ['0', ['unknown']],
  ['65', ['unknown']],
])('says of %j', async (StopSignal, ids) => {
  expect(await saidOf(check, { config: { StopSignal } })).toEqual(ids);
});
