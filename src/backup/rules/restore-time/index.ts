import type { Check } from '../../../core/check.ts';
import { durationText } from '../../age-text.ts';
import { type BackupSet, manifestPath } from '../../observation.ts';

/** The rehearsal restored within the time that is promised. */
export const check: Check<BackupSet> = {
  id: 'backup/restore-time',
  title: 'Restoring takes no longer than promised',
  severity: 'warning',
  critical: false,
  item: 'backups',
  appliesTo: 'backupSet',
  meta: {
    why: 'Databases grow, and the time to restore them grows along; measured in a rehearsal it is a figure, in an outage it is a surprise.',
    messages: { slow: 'restoring took {{took}} in the rehearsal; {{limit}} are promised' },
    remediation:
      'Restore on a faster server, keep less in the database, or promise what can be kept (`sla.restore`).',
    bad: {
      language: 'observation',
      text: '{ "rehearsal": { "measured": { "restoreMs": 420000 } } }',
      findings: [{ messageId: 'slow' }],
    },
    good: {
      language: 'observation',
      text: '{ "rehearsal": { "measured": { "restoreMs": 300000 } } }',
      findings: [],
    },
    references: ['https://www.postgresql.org/docs/current/populate.html'],
  },
  run({ target, notExamined }) {
    const { rehearsal, limits } = target;
    if (!rehearsal || rehearsal.verdict === 'could-not-check') {
      notExamined('the time a restore takes', 'no rehearsal restored a set to its end');
      return [];
    }
    const { restoreMs } = rehearsal.measured;
    // A restore that broke off measured nothing, and backup/rehearsed says so.
    if (rehearsal.verdict === 'bad' || restoreMs <= limits.restoreMs) return [];
    const data = { took: durationText(restoreMs), limit: durationText(limits.restoreMs) };
    return [{ messageId: 'slow', location: { path: manifestPath(target) }, data, identity: '' }];
  },
};
