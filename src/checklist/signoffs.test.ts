import { describe, expect, it } from 'vitest';
import { sumSignoffs } from './signoffs.ts';

type Entry = Parameters<typeof sumSignoffs>[0][number];

function entry(identity: string, decision: Entry['decision'], more: Partial<Entry> = {}): Entry {
  return {
    file: `${identity}.json`,
    identity,
    role: 'release',
    decision,
    comment: '',
    signedAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-02T00:00:00.000Z',
    state: 'valid',
    detail: 'because',
    key: `SHA256:${identity}`,
    counts: true,
    ...more,
  };
}

const roles = { release: 1 };

describe('the sum of sign-offs', () => {
  it('waits when there is none', () => {
    expect(sumSignoffs([], { roles })).toEqual({
      gate: 'waiting',
      detail: 'waiting for 1 of role release',
    });
  });

  it('is approved when every role has given what it owes', () => {
    const both = [entry('a', 'approve'), entry('b', 'approve', { role: 'security' })];
    const owed = { release: 1, security: 1 };
    expect(sumSignoffs(both, { roles: owed }).gate).toBe('approved');
    expect(sumSignoffs(both.slice(0, 1), { roles: owed })).toEqual({
      gate: 'waiting',
      detail: 'waiting for 1 of role security',
    });
  });

  it('counts one key once', () => {
    const same = [entry('a', 'approve'), entry('b', 'approve', { key: 'SHA256:a' })];
    expect(sumSignoffs(same, { roles: { release: 2 } }).gate).toBe('waiting');
  });

  it('lets one reject or hold outweigh any number of approvals', () => {
    const approvals = [entry('a', 'approve'), entry('b', 'approve')];
    expect(sumSignoffs([...approvals, entry('c', 'hold')], { roles }).gate).toBe('held');
    expect(sumSignoffs([...approvals, entry('c', 'reject')], { roles }).gate).toBe('rejected');
  });

  it('takes the latest decision of a person', () => {
    const later = entry('a', 'approve', { signedAt: '2026-01-01T00:00:01.000Z' });
    expect(sumSignoffs([entry('a', 'hold'), later], { roles }).gate).toBe('approved');
    // By the signed time: the order of files can be changed by renaming them.
    expect(sumSignoffs([later, entry('a', 'hold')], { roles }).gate).toBe('approved');
    expect(sumSignoffs([entry('a', 'hold'), entry('a', 'approve')], { roles }).gate).toBe('held');
  });

  it('does not bring an approval back when a later hold expired', () => {
    const expired = [entry('a', 'approve'), entry('a', 'hold', { state: 'expired' })];
    expect(sumSignoffs(expired, { roles }).gate).toBe('expired');
  });

  it('is spoilt by one invalid sign-off, so that damaging a hold gains nothing', () => {
    const damaged = [entry('a', 'approve'), entry('b', 'hold', { state: 'invalid', key: null })];
    expect(sumSignoffs(damaged, { roles }).gate).toBe('invalid');
  });

  it('is rejected by a good rejection whatever else is damaged', () => {
    const entries = [entry('a', 'approve', { state: 'invalid' }), entry('b', 'reject')];
    expect(sumSignoffs(entries, { roles }).gate).toBe('rejected');
  });

  it('does not count the approval of somebody with a conflict, and is not spoilt by it', () => {
    const idle = entry('a', 'approve', { counts: false, detail: 'not counted: author' });
    expect(sumSignoffs([idle], { roles })).toMatchObject({
      gate: 'waiting',
      detail: expect.stringContaining('the approval of a is not counted'),
    });
    expect(sumSignoffs([idle, entry('b', 'approve')], { roles }).gate).toBe('approved');
  });

  it('is never approved by nobody', () => {
    expect(sumSignoffs([], { roles: {} }).gate).toBe('waiting');
  });

  it('is stale when the only approval covers something else', () => {
    expect(sumSignoffs([entry('a', 'approve', { state: 'stale' })], { roles }).gate).toBe('stale');
  });
});
