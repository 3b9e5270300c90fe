import type { Check } from '../../../core/check.ts';
import { type BackupSet, manifestPath } from '../../observation.ts';

/** The set is of the database that the environment names now. */
export const check: Check<BackupSet> = {
  id: 'backup/same-database',
  title: 'The backup is of the database that runs',
  severity: 'error',
  critical: true,
  item: 'backups',
  appliesTo: 'backupSet',
  meta: {
    why: 'A name in the configuration can point at another server tomorrow; a rehearsed set of the old one brings back nothing of the new.',
    messages: {
      other:
        'the set is of the database {{set}}, and the environment names {{live}} of another cluster or another name',
    },
    remediation:
      'Back up and rehearse the database that runs: `deploycheck backup create`, or the tool that makes its backups.',
    bad: {
      language: 'observation',
      text: '{ "live": { "systemIdentifier": "7300000000000000002" } }',
      findings: [{ messageId: 'other' }],
    },
    good: {
      language: 'observation',
      text: '{ "live": { "systemIdentifier": "7300000000000000001", "database": "shop" } }',
      findings: [],
    },
    references: [
      'https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-CONTROL-SYSTEM',
    ],
  },
  run({ target, notExamined }) {
    const { set, live, external } = target;
    if (set && !set.identity && external) {
      const why = 'the tool does not say which cluster it is of';
      notExamined('whether the backup is of the database that runs', why);
    }
    if (!set?.identity) return [];
    if (live === null || 'problem' in live) {
      const why = live?.problem ?? 'it was not asked';
      notExamined('whether the set is of the database that runs', why);
      return [];
    }
    const { systemIdentifier, database } = set.identity;
    if (live.systemIdentifier === systemIdentifier && live.database === database) return [];
    const location = { path: manifestPath(target) };
    return [{ messageId: 'other', location, data: { set: database, live: live.database } }];
  },
};
