import type { Statement } from './statements.ts';

/**
 * What leaves the database it is run in: objects of the whole server (PostgreSQL manual, chapter 22 and
 * 23: roles, databases, tablespaces), its settings, its files and programs, other servers. Looked for
 * anywhere in a statement, so that the body of a function counts; a word too many costs a rehearsal, a
 * word too few would cost a server.
 */
const reaching: readonly RegExp[] = [
  /\b(create|alter|drop) (role|user(?! mapping)|group|database|tablespace|subscription)\b/i,
  /\b(comment|security label) on (role|database|tablespace|subscription)\b/i,
  /\balter system\b/i,
  /\b(reassign|drop) owned\b/i,
  /^(grant|revoke)\b(?!.*\bon\b)/i,
  /\bcopy\b.*\b(to|from) (program\b|')/i,
  /\b(lo_import|lo_export|dblink\w*|pg_read_(binary_)?file|pg_ls_dir|pg_write_\w+|pg_file_\w+)\s*\(/i,
  /\bpg_(reload_conf|rotate_logfile|terminate_backend|cancel_backend|promote|switch_wal|drop_replication_slot|create_(logical|physical)_replication_slot)\s*\(/i,
  /\b(extension|wrapper)\b.*\b(dblink|\w+_fdw|pg_cron|adminpack)\b/i,
  /\blanguage '?(c|internal|plpython3?u|plperlu|pltclu)\b/i,
  /^load\b/i,
];

/** The first statement that would not stay in a scratch database. */
export function reachesOutside(statements: readonly Statement[]): Statement | undefined {
  return statements.find(({ text }) => reaching.some((pattern) => pattern.test(text)));
}
