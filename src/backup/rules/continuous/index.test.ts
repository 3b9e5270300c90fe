import { describe, expect, it } from 'vitest';
import { expectedOf, found, judge } from '../testing.ts';
import { check } from './index.ts';

const healthy = JSON.parse(check.meta.good.text).external;
const changed = (archive: object, archiver: object = {}, rest: object = {}): string =>
  JSON.stringify({
    external: {
      ...healthy,
      ...rest,
      archive: { ...healthy.archive, ...archive },
      archiver: { ...healthy.archiver, ...archiver },
    },
  });

describe(check.id, () => {
  it('finds what the bad example shows, and nothing in the good one', async () => {
    expect(await found(check, check.meta.bad.text)).toEqual(expectedOf(check.meta.bad));
    expect(await found(check, check.meta.good.text)).toEqual([]);
  });

  it('holds the archive against what the server says it archived', async () => {
    const last = '0000000100000001000000FF';
    expect(await found(check, changed({}, { last }))).toEqual(['behind']);
    expect(await found(check, changed({ last }))).toEqual([]);
    expect(await found(check, changed({}, { off: true, last: null }))).toEqual(['off']);
    expect(await found(check, changed({ last: null }, { last: null }))).toEqual(['never']);
    expect(await found(check, changed({}, { failing: last }))).toEqual(['failing']);
    expect(await found(check, changed({ failing: 'no space' }))).toEqual(['told']);
    // The log may be streamed to Barman.
    expect(await found(check, changed({}, { off: true }, { tool: 'barman' }))).toEqual([]);
  });

  it.each([
    changed({ unknown: 'the tool does not say' }),
    changed({}, { standby: true }),
    changed({}, { last: null }),
    JSON.stringify({ external: { ...healthy, archive: null } }),
    JSON.stringify({ external: { ...healthy, archiver: { problem: 'it does not answer' } } }),
  ])('is undecided when it could not look: %s', async (text) => {
    const run = await judge(check, text);
    expect([run.findings, run.outcomes]).toMatchObject([[], [{ outcome: 'inconclusive' }]]);
  });

  it('has nothing to say of a dump', async () => {
    expect(await found(check, '{}')).toEqual([]);
  });
});
