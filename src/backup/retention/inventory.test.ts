import { expect, it } from 'vitest';
import { proofOf } from './inventory.ts';

const seen = <T extends string>(at: number, verdict: T) => ({ at: `2026-01-0${at}`, verdict });

it.each([
  ['never looked at', [], [], 'unproven'],
  ['read, which proves no restore', [], [seen(1, 'good')], 'unproven'],
  ['found damaged', [], [seen(1, 'bad')], 'bad'],
  ['rehearsed', [seen(1, 'good')], [], 'good'],
  [
    'rehearsed, and later on a server that lacks a role',
    [seen(1, 'good'), seen(2, 'could-not-check')],
    [],
    'good',
  ],
  ['only on a server that lacks a role', [seen(1, 'could-not-check')], [], 'unproven'],
  ['bad, as the last rehearsal found', [seen(1, 'good'), seen(2, 'bad')], [], 'bad'],
  ['damaged after its rehearsal', [seen(1, 'good')], [seen(2, 'bad')], 'bad'],
  ['mended after it was found damaged', [seen(2, 'good')], [seen(1, 'bad')], 'good'],
  [
    'read well after it was found damaged',
    [seen(1, 'good')],
    [seen(2, 'bad'), seen(3, 'good')],
    'good',
  ],
] as const)('a set that was %s', (_, rehearsals, verifications, proof) => {
  expect(proofOf(rehearsals, verifications)).toBe(proof);
});
