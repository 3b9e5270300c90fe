import { describe, expect, it } from 'vitest';
import { expectedOf, found, judge } from '../testing.ts';
import { check } from './index.ts';

describe(check.id, () => {
  it('finds what the bad example shows, and nothing in the good one', async () => {
    expect(await found(check, check.meta.bad.text)).toEqual(expectedOf(check.meta.bad));
    expect(await found(check, check.meta.good.text)).toEqual([]);
  });

  it('wants the last one good, and of this set or recent', async () => {
    const other = '"set": "20251231T000000000Z-shop-00000000"';
    const old = `{ "rehearsal": { ${other}, "at": "2025-12-01T00:00:00.000Z" } }`;
    expect(await found(check, old)).toEqual(['outdated']);
    const bad =
      '{ "rehearsal": { "verdict": "bad", "damage": [{ "path": "a", "problem": "b" }] } }';
    expect(await found(check, bad)).toEqual(['failed']);
    const changed = `{ "rehearsal": { "manifest": "sha256:${'2'.repeat(64)}" } }`;
    expect(await found(check, changed)).toEqual(['other']);
  });

  it('is undecided when the environment kept it from being checked', async () => {
    const lacking = '[{ "what": "extension postgis", "why": "not there" }]';
    const text = `{ "rehearsal": { "verdict": "could-not-check", "lacking": ${lacking} } }`;
    const run = await judge(check, text);
    expect(run.outcomes).toMatchObject([{ outcome: 'inconclusive' }]);
    expect(run.notExamined).toEqual([
      { what: 'the last rehearsal', why: 'extension postgis: not there' },
    ]);
  });

  it('leaves the absence of any set to another rule', async () => {
    expect(await found(check, '{ "set": null, "rehearsal": null }')).toEqual([]);
  });
});
