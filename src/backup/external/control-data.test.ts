import { expect, it } from 'vitest';
import { readControlData } from './control-data.ts';
import { digitsOf, exactJson, instantOf } from './exact-json.ts';

it('reads pg_controldata, and leaves unknown what it does not say', () => {
  const text = `pg_control version number:            1300
Database system identifier:           7710750317385214732
pg_control last modified:             Sat Nov 21 22:09:22 2026
max_connections setting:              100
max_prepared_xacts setting:           0
Data page checksum version:           1
`;
  expect(readControlData(text)).toEqual({
    ...{ systemIdentifier: '7710750317385214732', checksumVersion: 1, maxConnections: 100 },
    ...{ maxPreparedTransactions: 0, maxWorkerProcesses: null, maxWalSenders: null },
    maxLocksPerTransaction: null,
  });
  expect(readControlData('nonsense').systemIdentifier).toBeNull();
});

it('never rounds an identifier, and never assumes a time zone', () => {
  expect(exactJson('[7710750317385214732, 12]', 'x')).toEqual(['7710750317385214732', 12]);
  expect([digitsOf(12), digitsOf('7'), digitsOf(2 ** 60), digitsOf('x'), digitsOf('0')]).toEqual([
    '12',
    '7',
    null,
    null,
    null,
  ]);
  expect(instantOf('2026-11-21 22:23:20.5+00:00')).toBe('2026-11-21T22:23:20.500Z');
  expect(instantOf('2026-11-21 22:23:20')).toBeNull();
});
