import { digitsOf } from './exact-json.ts';

/** What `pg_controldata` says of a data directory; null for what it does not say. */
export interface ControlData {
  readonly systemIdentifier: string | null;
  /** Of PostgreSQL's data pages; 0 is none. */
  readonly checksumVersion: number | null;
  readonly maxConnections: number | null;
  readonly maxWorkerProcesses: number | null;
  readonly maxWalSenders: number | null;
  readonly maxPreparedTransactions: number | null;
  readonly maxLocksPerTransaction: number | null;
}

/** Reads its output in the locale C. */
export function readControlData(text: string): ControlData {
  const fields = new Map(
    text.split('\n').map((line): readonly [string, string] => {
      const at = line.indexOf(':');
      return [line.slice(0, at), line.slice(at + 1).trim()];
    }),
  );
  const number = (name: string): number | null => {
    const value = fields.get(name) ?? '';
    return /^\d{1,9}$/.test(value) ? Number(value) : null;
  };
  return {
    systemIdentifier: digitsOf(fields.get('Database system identifier')),
    checksumVersion: number('Data page checksum version'),
    maxConnections: number('max_connections setting'),
    maxWorkerProcesses: number('max_worker_processes setting'),
    maxWalSenders: number('max_wal_senders setting'),
    maxPreparedTransactions: number('max_prepared_xacts setting'),
    maxLocksPerTransaction: number('max_locks_per_xact setting'),
  };
}
