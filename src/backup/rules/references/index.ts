import type { Check } from '../../../core/check.ts';
import { type BackupSet, manifestPath } from '../../observation.ts';

const shown = 3;

/** Every object that a row names is in the set. */
export const check: Check<BackupSet> = {
  id: 'backup/references',
  title: 'Every object that a row names is in the backup',
  severity: 'error',
  critical: true,
  item: 'backups',
  appliesTo: 'backupSet',
  meta: {
    why: 'A row that names an object which is gone is an error page for a customer, and after a restore nobody can tell whether the object was lost before or by the restore.',
    messages: {
      dangling:
        '{{count}} of {{keys}} keys that rows name are no objects of the bucket {{bucket}}: {{examples}}',
    },
    remediation:
      'Find out whether the objects were deleted or never written; `buckets.NAME.references` is the query that names them.',
    bad: {
      language: 'observation',
      text: '{ "set": { "references": [{ "bucket": "invoices", "query": "select invoice_key from orders", "keys": 9, "dangling": 1, "examples": ["invoices/7.pdf"] }] } }',
      findings: [{ messageId: 'dangling' }],
    },
    good: { language: 'observation', text: '{}', findings: [] },
    references: ['https://www.postgresql.org/docs/current/transaction-iso.html'],
  },
  run({ target }) {
    return (target.set?.references ?? [])
      .filter(({ dangling }) => dangling > 0)
      .map(({ bucket, query, keys, dangling, examples }) => {
        const rest = dangling > shown ? ', …' : '';
        const data = {
          count: dangling,
          keys,
          bucket,
          examples: `${examples.slice(0, shown).join(', ')}${rest}`,
        };
        const location = { path: manifestPath(target) };
        return { messageId: 'dangling', location, data, identity: `${bucket}\0${query}` };
      });
  },
};
