import { expect, test } from 'vitest';
import { linear, percent, ticks } from './scale.ts';
import { timeTicks, timeTickText } from './time-ticks.ts';

test('a scale maps its ends to the ends of the track and keeps the rest inside', () => {
  const scale = linear(-10, 10);
  expect([-10, 0, 10, 99, -99].map(scale)).toEqual([0, 50, 100, 100, 0]);
});

test('no extent and no finite span are no trouble', () => {
  expect(linear(5, 5)(5)).toBe(0);
  expect(linear(-Number.MAX_VALUE, Number.MAX_VALUE)(0)).toBe(50);
});

test('percentages have at most two decimals', () => {
  expect(percent(100 / 3)).toBe('33.33%');
});

test('ticks are round and inside the range', () => {
  expect(ticks(0, 417, 4)).toEqual([0, 200, 400]);
  expect(ticks(3, 3, 4)).toEqual([3]);
  expect(ticks(-Number.MAX_VALUE, Number.MAX_VALUE, 4)).toEqual([-Number.MAX_VALUE]);
});

test('time is cut into steps that people count in', () => {
  expect(timeTicks(240_000).map(timeTickText)).toEqual(['0', '1 min', '2 min', '3 min', '4 min']);
  expect(timeTicks(1400).map(timeTickText)).toEqual(['0', '500 ms', '1 s']);
  expect(timeTicks(0)).toEqual([0]);
  expect(timeTicks(Number.MAX_SAFE_INTEGER)).toHaveLength(2);
});
