import type { Check } from '../../../core/check.ts';
import { durationText } from '../../age-text.ts';
import { type BackupSet, manifestPath } from '../../observation.ts';

/** The last rehearsal was good, and of this set or a recent one. */
export const check: Check<BackupSet> = {
  id: 'backup/rehearsed',
  title: 'A backup was restored and compared lately',
  severity: 'error',
  critical: true,
  item: 'backups',
  appliesTo: 'backupSet',
  meta: {
    why: 'A backup that was never restored is a hope: dumps that end early, miss an extension or hold the wrong rows look like good ones until then.',
    messages: {
      never: 'no backup of this environment was ever rehearsed',
      failed: 'the last rehearsal, {{age}} ago, found that the backup is bad: {{reason}}',
      outdated: 'the last rehearsal is {{age}} old and of an earlier set; it counts for {{limit}}',
      other: 'the last rehearsal was of a set of this name with another manifest',
    },
    remediation: 'Run `deploycheck backup rehearse last`.',
    bad: {
      language: 'observation',
      text: '{ "rehearsal": null }',
      findings: [{ messageId: 'never' }],
    },
    good: {
      language: 'observation',
      text: '{ "rehearsal": { "set": "20251231T000000000Z-shop-00000000", "at": "2025-12-31T01:00:00.000Z" } }',
      findings: [],
    },
    references: ['https://www.postgresql.org/docs/current/backup-dump.html'],
  },
  run({ target, notExamined }) {
    const { set, rehearsal, limits, observedAt } = target;
    // Without any set, backup/fresh says all there is to say.
    if (!set) return [];
    const location = { path: manifestPath(target) };
    if (!rehearsal) return [{ messageId: 'never', location }];
    const age = Date.parse(observedAt) - Date.parse(rehearsal.at);
    if (rehearsal.verdict === 'could-not-check') {
      const [first] = rehearsal.lacking;
      notExamined('the last rehearsal', first ? `${first.what}: ${first.why}` : 'it was not whole');
      return [];
    }
    if (rehearsal.verdict === 'bad') {
      const [difference] = rehearsal.differences;
      const [damage] = rehearsal.damage;
      const reason = damage
        ? `${damage.path}: ${damage.problem}`
        : `${difference?.what} ${difference?.name}`.trim();
      const data = { age: durationText(age), reason };
      return [{ messageId: 'failed', location, data, identity: rehearsal.set }];
    }
    if (rehearsal.set === set.id) {
      return rehearsal.manifest === set.manifest ? [] : [{ messageId: 'other', location }];
    }
    if (age <= limits.evidenceMaxAgeMs) return [];
    const data = { age: durationText(age), limit: durationText(limits.evidenceMaxAgeMs) };
    return [{ messageId: 'outdated', location, data, identity: rehearsal.set }];
  },
};
