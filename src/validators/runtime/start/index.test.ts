import { expect, it } from 'vitest';
import { judgeRun } from '../testing.ts';
import { check } from './index.ts';

it('takes what started, whatever said so', async () => {
  for (const by of ['health', 'http', 'log', 'exit', 'settled'] as const) {
    const start = { works: true, by, seconds: 1, why: '', failure: null };
    expect((await judgeRun(check, { start })).outcome).toBe('pass');
  }
});

it('tells what the engine refused from what ended and from what was never ready', async () => {
  const said = async (failure: 'refused' | 'ended' | 'not-ready') => {
    const start = { works: false, by: 'http', seconds: 2.5, why: 'WHY', failure } as const;
    return (await judgeRun(check, { start })).said;
  };
  expect(await said('refused')).toEqual(['refused: shop:1: the engine could not start it: WHY']);
  expect(await said('ended')).toEqual(['ended: shop:1: WHY, 2.5 s after its start']);
  expect(await said('not-ready')).toEqual(['not-ready: shop:1: was not ready after 2.5 s: WHY']);
});

it('has what it printed as evidence', async () => {
  const log = { name: 'log.txt', mediaType: 'text/plain', sha256: '0', size: 1, how: '' };
  const start = { works: false, by: 'log', seconds: 1, why: '', failure: 'ended' } as const;
  const seen = await judgeRun(check, { start: { ...start, log: { ...log, obtainedAt: '' } } });
  expect(seen.evidence).toEqual(['log.txt']);
});
