import type { Check } from '../../../core/check.ts';
import { durationText } from '../../age-text.ts';
import { type BackupSet, manifestPath } from '../../observation.ts';

/** Clocks of two machines may differ by that much, in milliseconds. */
const clockTolerance = 300_000;

/** The newest set is not older than what may be lost. */
export const check: Check<BackupSet> = {
  id: 'backup/fresh',
  title: 'The newest backup is within the recovery point',
  severity: 'error',
  critical: true,
  item: 'backups',
  appliesTo: 'backupSet',
  meta: {
    why: 'Whatever was written after the newest backup is lost with the database; a schedule that stopped weeks ago is noticed on the day it is needed.',
    messages: {
      none: 'there is no backup of {{environment}} in {{repository}}',
      old: 'the newest backup is {{age}} old, and no more than {{limit}} may be lost',
      future: 'the newest backup is dated {{ahead}} ahead of this clock',
    },
    remediation:
      'Run `deploycheck backup create`, or the tool that makes the backups, and see why the schedule did not.',
    bad: {
      language: 'observation',
      text: '{ "observedAt": "2026-01-03T00:00:00.000Z" }',
      findings: [{ messageId: 'old' }],
    },
    good: {
      language: 'observation',
      text: '{ "observedAt": "2026-01-01T23:59:00.000Z" }',
      findings: [],
    },
    references: ['https://www.postgresql.org/docs/current/backup.html'],
  },
  run({ target, notExamined }) {
    const location = { path: manifestPath(target) };
    const { set, limits, observedAt, repository, wanted, external } = target;
    if (!set) {
      const data = { environment: wanted.environment ?? 'this environment', repository };
      return [{ messageId: 'none', location, data }];
    }
    if (set.createdAt === null) {
      const why = external
        ? (external.backup?.problem ?? 'the tool does not say when it ended')
        : `its manifest cannot be read: ${set.problem}`;
      notExamined('the age of the newest backup', why);
      return [];
    }
    const age = Date.parse(observedAt) - Date.parse(set.createdAt);
    if (age < -clockTolerance) {
      return [{ messageId: 'future', location, data: { ahead: durationText(-age) } }];
    }
    if (age <= limits.rpoMs) return [];
    const data = { age: durationText(age), limit: durationText(limits.rpoMs) };
    return [{ messageId: 'old', location, data, identity: set.id }];
  },
};
