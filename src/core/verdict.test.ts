import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExitCode, exitMeaning, gravest } from './exit.ts';
import type { ItemRecord } from './record.ts';
import { exitOfChecks, exitOfVerdict, gateOfItems, verdictOfGates } from './verdict.ts';

const codes: readonly ExitCode[] = [130, 143, 70, 2, 1, 4, 5, 3, 0];

describe('exit codes', () => {
  it('takes the gravest, whatever the order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...codes], { minLength: 1 }), (some) => {
        expect(gravest(some)).toBe(codes.find((code) => some.includes(code)));
      }),
    );
  });

  it('is 0 for none, and every code has a meaning', () => {
    expect(gravest([])).toBe(0);
    expect(codes.every((code) => exitMeaning[code])).toBe(true);
  });
});

function item(status: ItemRecord['status'], more: Partial<ItemRecord> = {}): ItemRecord {
  return {
    n: 1,
    id: 'images',
    title: 'x',
    critical: true,
    status,
    pendingOn: status === 'pending' ? 'evidence' : null,
    reason: '',
    evidence: [],
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 0,
    waivedBy: null,
    ...more,
  };
}

describe('the evidence gate', () => {
  it.each([
    ['pass', 'go'],
    ['waived', 'go'],
    ['not-applicable', 'go'],
    ['fail', 'no-go'],
    ['stale', 'no-go'],
    ['error', 'pending'],
    ['pending', 'pending'],
  ] as const)('a critical item that is %s gives %s', (status, gate) => {
    expect(gateOfItems([item('pass'), item(status)], 'signoff')).toBe(gate);
  });

  it('does not let an item that is not critical block', () => {
    expect(gateOfItems([item('pass'), item('fail', { critical: false })], 'signoff')).toBe('go');
  });

  it('is pending when nothing was looked at', () => {
    expect(gateOfItems([], 'signoff')).toBe('pending');
  });

  it('leaves persons out when only evidence is required', () => {
    const waits = [item('pending', { pendingOn: 'person' })];
    expect(gateOfItems(waits, 'evidence')).toBe('go');
    expect(gateOfItems(waits, 'signoff')).toBe('pending');
  });
});

describe('the verdict', () => {
  it.each([
    [{ evidence: 'go', signoff: 'approved' }, 'go', 0],
    [{ evidence: 'go', signoff: 'waiting' }, 'pending', 3],
    [{ evidence: 'go', signoff: 'held' }, 'pending', 3],
    [{ evidence: 'go', signoff: 'rejected' }, 'no-go', 1],
    [{ evidence: 'go', signoff: 'expired' }, 'stale', 4],
    [{ evidence: 'go', signoff: 'invalid' }, 'stale', 4],
    [{ evidence: 'no-go', signoff: 'approved' }, 'no-go', 1],
    [{ evidence: 'pending', signoff: 'approved' }, 'pending', 3],
  ] as const)('%j', (gates, verdict, exit) => {
    expect(verdictOfGates(gates, [item('pass')], 'signoff')).toBe(verdict);
    expect(exitOfVerdict(verdict)).toBe(exit);
  });

  it('is a fault when a critical item broke', () => {
    const gates = { evidence: 'pending', signoff: 'waiting' } as const;
    expect(verdictOfGates(gates, [item('error')], 'signoff')).toBe('fault');
  });

  it('needs no signature when only evidence is required', () => {
    const gates = { evidence: 'go', signoff: 'waiting' } as const;
    expect(verdictOfGates(gates, [item('pass')], 'evidence')).toBe('go');
  });
});

describe('the exit code of checks', () => {
  const outcome = { check: 'a/b', target: 't', durationMs: 0 } as const;
  const fault = { who: 'environment', message: '', hint: '', page: '', cause: null } as const;

  it.each([
    ['pass', null, 0],
    ['inconclusive', null, 3],
    ['inconclusive', 'tool-missing', 5],
    ['inconclusive', 'image-damaged', 3],
    ['inconclusive', 'input-missing', 2],
    ['inconclusive', 'internal', 70],
  ] as const)('%s with fault %s', (kind, code, exit) => {
    const recorded = code === null ? null : { ...fault, code };
    expect(exitOfChecks([], [{ ...outcome, outcome: kind, fault: recorded }], 'error')).toBe(exit);
  });
});
