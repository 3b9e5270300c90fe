import type { Check } from '../../../core/check.ts';
import { isSegment, numberOf } from '../../external/wal.ts';
import { type BackupSet, manifestPath } from '../../observation.ts';

/** Positions of two names can be compared whatever the size of segments, as long as it is one. */
const order = (segment: string): number => numberOf(segment, 1024 * 1024);

/** From a physical backup on, every segment of the log is archived. */
export const check: Check<BackupSet> = {
  id: 'backup/continuous',
  title: 'The archived log goes on from the backup without a gap',
  severity: 'error',
  critical: true,
  item: 'backups',
  appliesTo: 'backupSet',
  meta: {
    why: 'A physical backup is worth nothing without the log that was written during it, and nothing after the first missing segment can be brought back.',
    messages: {
      gap: '{{count}} segments of the log after {{backup}} are not archived: {{examples}}',
      behind:
        'the server says that it archived {{server}}; the newest segment that is there is {{archive}}',
      off: 'the server archives nothing: archive_mode is off',
      never: 'the server has archived nothing yet, and there is nothing from before',
      failing: 'the server cannot archive {{segment}}',
      told: '{{tool}} says that archiving fails: {{why}}',
    },
    remediation:
      'Mend archive_command, make sure that segments reach the repository, and make a new backup: the earlier ones end at the gap.',
    bad: {
      language: 'observation',
      text: '{ "external": { "tool": "pgbackrest", "place": "pgBackRest stanza shop", "listed": 1, "backup": { "label": "20260101-000000F" }, "passedOver": [], "archive": { "last": "000000010000000000000009", "missing": 1, "examples": ["000000010000000000000007"], "failing": null, "unknown": null }, "archiver": { "off": false, "standby": false, "last": "000000010000000000000009", "lastAt": null, "failing": null } } }',
      findings: [{ messageId: 'gap' }],
    },
    good: {
      language: 'observation',
      text: '{ "external": { "tool": "pgbackrest", "place": "pgBackRest stanza shop", "listed": 1, "backup": { "label": "20260101-000000F" }, "passedOver": [], "archive": { "last": "000000010000000000000009", "missing": 0, "examples": [], "failing": null, "unknown": null }, "archiver": { "off": false, "standby": false, "last": "000000010000000000000009", "lastAt": null, "failing": null } } }',
      findings: [],
    },
    references: ['https://www.postgresql.org/docs/current/continuous-archiving.html'],
  },
  run({ target, notExamined }) {
    const { external } = target;
    // A dump needs no log.
    if (!external?.backup) return [];
    const { archive, archiver, backup } = external;
    const location = { path: manifestPath(target) };
    const draft = (messageId: string, data: Record<string, string | number>) => ({
      ...{ messageId, location, data },
      identity: '',
    });
    const drafts: ReturnType<typeof draft>[] = [];
    const failing = archive?.failing ?? null;
    if (failing !== null) drafts.push(draft('told', { tool: external.tool, why: failing }));
    if (archive === null || archive.unknown !== null) {
      const why =
        archive?.unknown ?? ('problem' in archiver ? archiver.problem : 'nobody could tell');
      notExamined('whether the archived log has gaps', why);
    } else if (archive.missing > 0) {
      const rest = archive.missing > archive.examples.length ? ', …' : '';
      const examples = `${archive.examples.join(', ')}${rest}`;
      drafts.push(draft('gap', { count: archive.missing, backup: backup.label, examples }));
    }
    if ('problem' in archiver) {
      notExamined('what the server has archived', archiver.problem);
      return drafts;
    }
    if (archiver.standby) {
      notExamined('what the server has archived', 'the address leads to a standby');
      return drafts;
    }
    // Barman may be sent the log by the server instead, which archives nothing itself then.
    if (external.tool === 'barman' && (archiver.off || archiver.last === null)) return drafts;
    if (archiver.off) return [...drafts, draft('off', {})];
    if (archiver.failing) drafts.push(draft('failing', { segment: archiver.failing }));
    const last = archive?.last ?? null;
    if (archiver.last === null && last === null) drafts.push(draft('never', {}));
    else if (archiver.last === null) {
      // They begin anew after a crash, and when somebody resets them.
      notExamined('what the server has archived', 'its statistics began after that');
    } else if (last !== null && isSegment(last) && order(last) < order(archiver.last)) {
      drafts.push(draft('behind', { server: archiver.last, archive: last }));
    }
    return drafts;
  },
};
