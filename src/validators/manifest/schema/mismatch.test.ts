import { expect, it } from 'vitest';
import { mismatch } from './mismatch.ts';

const fits = (value: unknown): boolean =>
  mismatch(value, { type: 'string' }, 'io.k8s.apimachinery.pkg.api.resource.Quantity') ===
  undefined;

// Sorted by resource.ParseQuantity of k8s.io/apimachinery 0.37.0.
const accepted = [
  ...['0', '1', '+1', '-1', '1.', '1.5', '.5', '+.5', '-.5', '1e3', '1E3', '1e-3', '1e+3', '1E'],
  ...['1n', '1u', '1m', '1k', '1M', '1G', '1T', '1P', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'],
  ...['1e400', '99999999999999999999', '1.123456789123'],
];
const refused = [
  ...['1e', '1K', '1ki', '1mi', '1KB', '1 Gi', '', '1.5.5', '1e3Gi', '1e1.5', '0x10', '1_000'],
  ...['1,5', '\u0661', '--1', '1i', 'NaN', 'Inf', '5%'],
];

it('reads quantities as the API server does', () => {
  expect(accepted.filter((text) => !fits(text))).toEqual([]);
  expect(refused.filter((text) => fits(text))).toEqual([]);
  expect([fits(' 1Gi '), fits(1.5), fits(Number.POSITIVE_INFINITY), fits(true)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it.each([
  [8080, true],
  ['http', true],
  ['25%', true],
  [1.5, false],
  [true, false],
  [['a'], false],
])('takes %j for an integer or a string: %s', (value, expected) => {
  for (const schema of [{ format: 'int-or-string' }, { 'x-kubernetes-int-or-string': true }]) {
    expect(mismatch(value, schema, undefined) === undefined).toBe(expected);
  }
});
