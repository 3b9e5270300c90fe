import type { Check } from '../../../core/check.ts';
import { type BackupSet, manifestPath } from '../../observation.ts';

const shown = 100;

/** Every byte of the set is the one that was written. */
export const check: Check<BackupSet> = {
  id: 'backup/intact',
  title: 'Every byte of the backup is the one that was written',
  severity: 'error',
  critical: true,
  item: 'backups',
  appliesTo: 'backupSet',
  meta: {
    why: 'Storage loses and changes bytes, and people move files; an archive of pg_dump has no checksum of its own, and may restore wrong rows without a word.',
    messages: {
      manifest: 'the manifest cannot be read: {{problem}}',
      damaged: '{{file}}: {{problem}}',
      more: '{{count}} more files are damaged',
    },
    remediation:
      'Keep the set for what can be saved of it, make a new one with `deploycheck backup create`, and look at the storage.',
    bad: {
      language: 'observation',
      text: '{ "verification": { "verdict": "bad", "problems": [{ "path": "sets/x/database.dump.zst", "problem": "it is missing" }] } }',
      findings: [{ messageId: 'damaged' }],
    },
    good: { language: 'observation', text: '{}', findings: [] },
    references: ['https://www.postgresql.org/docs/current/app-pgrestore.html'],
    waivable: false,
  },
  run({ target, notExamined }) {
    const { set, verification, rehearsal } = target;
    if (!set) return [];
    const location = { path: manifestPath(target) };
    if (set.problem !== null) {
      return [{ messageId: 'manifest', location, data: { problem: set.problem } }];
    }
    const rehearsed = rehearsal?.set === set.id ? rehearsal : null;
    if (!verification && !rehearsed) {
      notExamined('the bytes of the set', 'it was neither verified nor rehearsed');
      return [];
    }
    if (!verification && rehearsed?.verdict === 'could-not-check') {
      notExamined('the bytes of the set', 'it could not be restored to its end');
    }
    const problems = distinct([...(verification?.problems ?? []), ...(rehearsed?.damage ?? [])]);
    const drafts = problems.slice(0, shown).map(({ path, problem }) => ({
      messageId: 'damaged',
      location: { path },
      data: { file: path, problem },
    }));
    const count = problems.length - drafts.length;
    return count > 0 ? [...drafts, { messageId: 'more', location, data: { count } }] : drafts;
  },
};

function distinct<T extends { readonly path: string }>(problems: readonly T[]): readonly T[] {
  return [...new Map(problems.map((entry) => [entry.path, entry])).values()];
}
