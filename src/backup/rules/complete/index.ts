import type { Check } from '../../../core/check.ts';
import { type BackupSet, manifestPath } from '../../observation.ts';

/** Database and buckets of the environment are in one set. */
export const check: Check<BackupSet> = {
  id: 'backup/complete',
  title: 'A backup holds the database and every bucket',
  severity: 'error',
  critical: true,
  item: 'backups',
  appliesTo: 'backupSet',
  meta: {
    why: 'Rows that name objects are worth little without the objects; what was backed up at another moment does not fit.',
    messages: {
      database: 'the set does not hold the database {{name}}',
      bucket: 'the set does not hold the bucket {{name}}',
    },
    remediation:
      'Name the database and all buckets under environments, then run `deploycheck backup create`.',
    bad: {
      language: 'observation',
      text: '{ "set": { "buckets": [] } }',
      findings: [{ messageId: 'bucket' }],
    },
    good: {
      language: 'observation',
      text: '{ "set": { "buckets": ["invoices", "more"] } }',
      findings: [],
    },
    references: ['https://www.postgresql.org/docs/current/app-pgdump.html'],
  },
  run({ target, notExamined }) {
    const { set, wanted } = target;
    if (!set) return [];
    if (set.problem !== null) {
      notExamined('what the set holds', `its manifest cannot be read: ${set.problem}`);
      return [];
    }
    const location = { path: manifestPath(target) };
    const lacksDatabase = wanted.database !== null && set.database !== wanted.database;
    return [
      ...(lacksDatabase
        ? [{ messageId: 'database', location, data: { name: wanted.database ?? '' } }]
        : []),
      ...wanted.buckets
        .filter((name) => !set.buckets.includes(name))
        .map((name) => ({ messageId: 'bucket', location, data: { name } })),
    ];
  },
};
