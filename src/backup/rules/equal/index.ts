import type { Check } from '../../../core/check.ts';
import { type BackupSet, manifestPath } from '../../observation.ts';

const shown = 100;

/** What was restored is what the source held. */
export const check: Check<BackupSet> = {
  id: 'backup/equal',
  title: 'What is restored equals what was backed up',
  severity: 'error',
  critical: true,
  item: 'backups',
  appliesTo: 'backupSet',
  meta: {
    why: 'A restore that ends well may still have lost rows, sequences, large objects or rights. Counting and hashing both sides in one snapshot shows it.',
    messages: {
      differs: '{{what}}: {{expected}} in the backup, {{found}} after the restore',
      more: '{{count}} more differences',
    },
    remediation:
      'Do not count on this set. See whether it is the set or the version of PostgreSQL that changes what is restored.',
    bad: {
      language: 'observation',
      text: '{ "rehearsal": { "verdict": "bad", "differences": [{ "what": "table", "name": "public.orders", "expected": "5 rows", "found": "4 rows" }] } }',
      findings: [{ messageId: 'differs' }],
    },
    good: { language: 'observation', text: '{}', findings: [] },
    references: ['https://www.postgresql.org/docs/current/app-pgdump.html'],
  },
  run({ target, notExamined }) {
    const { set, rehearsal } = target;
    if (!set) return [];
    if (!rehearsal || rehearsal.set !== set.id) {
      notExamined('what the set restores to', 'this set was not rehearsed');
      return [];
    }
    for (const { what, why } of rehearsal.lacking) notExamined(what, why);
    const location = { path: manifestPath(target) };
    const drafts = rehearsal.differences.slice(0, shown).map(({ what, name, expected, found }) => ({
      messageId: 'differs',
      location,
      data: { what: `${what} ${name}`.trim(), expected, found },
    }));
    const count = rehearsal.differences.length - drafts.length;
    return count > 0 ? [...drafts, { messageId: 'more', location, data: { count } }] : drafts;
  },
};
