import type { Check } from '../../../core/check.ts';
import type { Draft, Severity } from '../../../core/finding.ts';
import type { MigrationPlan, MigrationStep } from '../../migrations/observation.ts';
import type { RollbackPlan } from '../../observation.ts';
import { isBack } from '../draft.ts';

/** The database can go back with the code, and what that takes away is known. */
export const check: Check<RollbackPlan> = {
  id: 'rollback/migrations-reversible',
  title: 'Migrations since the old release can be reverted',
  severity: 'error',
  critical: true,
  item: 'rollback',
  appliesTo: 'rollbackPlan',
  meta: {
    why: 'Code goes back in seconds, a schema only if somebody wrote the way back. A migration without a down leaves the old release on a schema that it does not know.',
    messages: {
      'no-down': 'migration {{migration}} of {{service}} has no down',
      'empty-down': 'the down of migration {{migration}} of {{service}} does nothing: {{file}}',
      dirty: 'the database of {{service}} says that a migration stopped in the middle ({{table}})',
      contracts:
        'migration {{migration}} of {{service}} takes away or changes what the old release knows, and --keep-schema leaves it in place',
      takes:
        'migration {{migration}} of {{service}} takes data away that no down brings back: {{statement}}',
      loses: 'the down of migration {{migration}} of {{service}} loses data: {{statement}}',
    },
    remediation:
      'Write the down and try it on a copy with rows; or make the migration one that only adds, and take away one release later.',
    bad: {
      language: 'observation',
      text: '{ "migrations": [{ "steps": [{ "down": "missing", "file": null }] }] }',
      findings: [{ messageId: 'no-down' }],
    },
    good: {
      language: 'observation',
      text: '{ "migrations": [{ "steps": [{ "down": "present" }] }] }',
      findings: [],
    },
    references: ['https://www.postgresql.org/docs/current/sql-altertable.html'],
  },
  run({ target: plan, notExamined }) {
    const back = plan.workloads.every((workload) => isBack(plan, workload));
    return plan.migrations.flatMap((entry) => {
      const { service, state, why, dirty, table, steps } = entry;
      if (state === 'unknown') notExamined(`migrations of ${service}`, why);
      const drafts = steps.flatMap((step) =>
        plan.keepSchema ? kept(entry, step) : reverted(entry, step),
      );
      const unproven = plan.keepSchema && steps.length > 0 && drafts.length === 0 && !back;
      if (unproven) {
        notExamined(
          `whether the old release of ${service} runs on the schema of the new one`,
          'its migrations only add, by their text; no run has proven it',
        );
      }
      if (!dirty) return drafts;
      return [draft(entry, 'dirty', { table: table ?? '' }), ...drafts];
    });
  },
};

function kept(plan: MigrationPlan, step: MigrationStep): Draft[] {
  return step.expandOnly ? [] : [draft(plan, 'contracts', nameOf(step), 'error', step)];
}

function reverted(plan: MigrationPlan, step: MigrationStep): Draft[] {
  const name = nameOf(step);
  const taken = step.takes.map(({ statement, line, column }) =>
    draft(plan, 'takes', { ...name, statement }, 'warning', { file: step.up, line, column }),
  );
  if (step.down === 'missing') {
    return [draft(plan, 'no-down', name, 'error', { file: step.up, line: 1 }), ...taken];
  }
  if (step.down === 'empty') {
    const empty = draft(plan, 'empty-down', { ...name, file: step.file ?? '' }, 'error', step);
    return [empty, ...taken];
  }
  const lost = step.losses.map(({ statement, line, column }) =>
    draft(plan, 'loses', { ...name, statement }, 'warning', { file: step.file, line, column }),
  );
  return [...taken, ...lost];
}

function nameOf({ version, name }: MigrationStep) {
  return { migration: `${version}_${name}` };
}

function draft(
  { service }: MigrationPlan,
  messageId: string,
  data: Readonly<Record<string, string>>,
  severity: Severity = 'error',
  place: {
    readonly file: string | null;
    readonly line?: number;
    readonly column?: number;
  } = { file: null },
): Draft {
  const { line, column = 1 } = place;
  const file = place.file ?? undefined;
  return {
    messageId,
    data: { service, ...data },
    location: {
      ...(file !== undefined && { file, ...(line !== undefined && { line, column }) }),
    },
    severity,
  };
}
