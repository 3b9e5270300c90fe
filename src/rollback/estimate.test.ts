import { describe, expect, it } from 'vitest';
import {
  predict,
  type Shape,
  type Source,
  type Term,
  timeVerdict,
  totalOf,
  wavesOf,
  workloadTerms,
} from './estimate.ts';

const term = (name: string, value: number, source: Source = 'spec', spread = 0): Term => ({
  name,
  value,
  low: value - spread,
  high: value + spread,
  source,
  how: '',
});
const pod = [
  term('schedule', 2),
  term('pull', 7.2),
  term('unpack', 6),
  term('start', 8),
  term('initial delay', 10),
  term('half a period', 5),
  term('min ready', 15),
];
const deployment: Shape = {
  kind: 'Deployment',
  replicas: 12,
  surge: 3,
  unavailable: 3,
  recreate: false,
};
const times = {
  name: 'web',
  shape: deployment,
  api: term('order', 5),
  pod,
  termination: term('end', 30),
  lastRollout: null,
};
const secondsOf = (changes: Partial<typeof times> | { shape: Shape }) =>
  totalOf(workloadTerms({ ...times, ...changes })).value;

describe('the time of a workload', () => {
  it('is that of its waves: twelve replicas, six at a time', () => {
    expect(wavesOf(deployment)).toBe(2);
    expect(secondsOf({})).toBeCloseTo(5 + 2 * 53.2);
  });

  it('is far longer where each pod has to go before the next comes', () => {
    const api = term('order', 0);
    expect(secondsOf({ api, shape: { kind: 'StatefulSet', replicas: 12 } })).toBeCloseTo(998.4);
    expect(secondsOf({ api, shape: { kind: 'DaemonSet', nodes: 5, unavailable: 2 } })).toBeCloseTo(
      3 * 83.2,
    );
    expect(secondsOf({ api, shape: { ...deployment, recreate: true } })).toBeCloseTo(83.2);
  });

  it('together with downs and verification makes four minutes', () => {
    const terms = [term('downs', 10), ...workloadTerms(times), term('verify', 120)];
    expect(totalOf(terms).value / 60).toBeCloseTo(4.0, 1);
  });

  it('with a restore in it passes or fails by which rate is quoted, so the range decides', () => {
    const at = (rate: number) => 40_000 / rate;
    const restore = { ...term('restore', at(32), 'measured'), low: at(34), high: at(23.8) };
    const total = totalOf([restore, ...workloadTerms(times), term('verify', 120)]);
    expect(total.value).toBeLessThan(1800);
    expect(total.high).toBeGreaterThan(1800);
    expect(timeVerdict(total, 1800)).toBe('unproven');
  });

  it('takes a whole rollout of the past, widened by what the pods say', () => {
    const [only, ...more] = workloadTerms({
      ...times,
      lastRollout: term('rollout', 90, 'history'),
    });
    expect(more).toEqual([]);
    expect(only).toMatchObject({ value: 90, low: 90, source: 'spec' });
    expect(only?.high).toBeCloseTo(111.4);
  });
});

describe('the verdict', () => {
  const estimate = (value: number, high: number, source: Source) => ({ value, high, source });
  it.each([
    [estimate(60, 90, 'history'), 'within'],
    [estimate(60, 90, 'assumed'), 'unproven'],
    [estimate(60, 1801, 'measured'), 'unproven'],
    [estimate(1801, 1900, 'assumed'), 'over'],
  ] as const)('of %o is %s', (given, verdict) => expect(timeVerdict(given, 1800)).toBe(verdict));

  it('is as weak as the weakest term that takes any time', () => {
    const terms = [term('a', 1, 'measured'), term('b', 1, 'history'), term('c', 0, 'assumed')];
    expect(totalOf(terms).source).toBe('history');
    expect(totalOf([...terms, term('d', 0.1, 'assumed')]).source).toBe('assumed');
    expect(totalOf([]).source).toBe('measured');
  });
});

describe('a prediction', () => {
  it('bounds the next time after five at 95 %', () => {
    expect(predict([118, 121, 109, 140, 126])?.high).toBeCloseTo(152, 0);
  });

  it('is impossible after one', () => {
    expect(predict([118])).toBeUndefined();
    expect(predict([])).toBeUndefined();
  });

  it('of equal times is that time', () => {
    expect(predict([3, 3, 3])).toMatchObject({ value: expect.closeTo(3), high: expect.closeTo(3) });
    expect(predict([0, 0])?.value).toBeCloseTo(0.5);
  });
});
