import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { MigrationRehearsal, MigrationSeen } from '../../observation.ts';

/** Every migration of the release has an up and a down that does something. */
export const check: Check<MigrationRehearsal> = {
  id: 'migration/both-ways',
  title: 'Every migration has an up and a down',
  severity: 'error',
  critical: true,
  item: 'migrations',
  appliesTo: 'migrationRehearsal',
  meta: {
    why: 'A migration without a down leaves the old release on a schema that it does not know, and at that hour nobody writes one.',
    messages: {
      'no-down': 'migration {{migration}} has no down',
      'no-up': 'migration {{migration}} has a down and no up',
      'empty-down': 'the down of migration {{migration}} holds no statement',
    },
    remediation:
      'Write the script that is missing. What cannot be taken back belongs into a later release, once no older one needs it.',
    bad: {
      language: 'observation',
      text: '{ "migrations": [{ "id": "0002_order_status", "down": null }] }',
      findings: [{ messageId: 'no-down' }],
    },
    good: {
      language: 'observation',
      text: '{ "migrations": [{ "id": "0002_order_status" }] }',
      findings: [],
    },
    references: ['https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md'],
  },
  run({ target }) {
    return target.migrations.flatMap((migration) => {
      const messageId = lackOf(migration);
      return messageId === undefined ? [] : [draftOf(messageId, migration)];
    });
  },
};

function lackOf({ up, down, downEmpty }: MigrationSeen): string | undefined {
  if (up === null) return 'no-up';
  if (down === null) return 'no-down';
  return downEmpty ? 'empty-down' : undefined;
}

/** What is in place already does not hold up the release; it is worth knowing. */
function draftOf(messageId: string, { id, up, down, downEmpty, ofRelease }: MigrationSeen): Draft {
  const file = (downEmpty ? down : up) ?? down ?? undefined;
  return {
    messageId,
    data: { migration: id },
    location: file === undefined ? {} : { file, line: 1, column: 1 },
    severity: ofRelease ? 'error' : 'warning',
  };
}
