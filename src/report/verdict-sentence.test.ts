import { expect, test } from 'vitest';
import { fault } from './fixtures/fault.ts';
import { go } from './fixtures/go.ts';
import { noGo } from './fixtures/no-go.ts';
import { record } from './fixtures/parts.ts';
import { pending } from './fixtures/pending.ts';
import { accepted, clean, validate } from './fixtures/validate.ts';
import { verdictSentence } from './verdict-sentence.ts';

test.each([
  ['go', go, 'GO  no findings in 6 checks; 11 items pass, 1 not applicable'],
  [
    'no-go',
    noGo,
    'NO-GO  4 errors (1 waived), 1 warning, 1 note in 14 checks, 2 inconclusive; items failed: 1 images, 3 manifests, 7 performance; items broken: 10 simulation; items stale: 9 backups; items pending: 11 rollback, 12 operations',
  ],
  [
    'pending',
    pending,
    'PENDING  no findings in 2 checks; items pending: 7 performance, 11 rollback, 12 operations',
  ],
  ['fault', fault, 'FAULT  no findings in 3 checks, 2 inconclusive'],
  ['validate', validate, 'NO-GO  1 error in 3 checks'],
  ['clean', clean, 'GO  no findings in 2 checks'],
  ['accepted', accepted, 'GO  no findings in 3 checks, 2 suppressed'],
])('%s', (_, run, sentence) => {
  expect(verdictSentence(run)).toBe(sentence);
});

test('a run that only measured says so instead of counting no checks', () => {
  const measured = record({ command: 'load', measurements: go.measurements });
  expect(verdictSentence(measured)).toBe('GO  5 measurements');
});
