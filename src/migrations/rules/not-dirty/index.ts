import type { Check } from '../../../core/check.ts';
import type { MigrationRehearsal } from '../../observation.ts';

/** The live database does not stand in the middle of a migration. */
export const check: Check<MigrationRehearsal> = {
  id: 'migration/not-dirty',
  title: 'No migration stopped in the middle',
  severity: 'error',
  critical: true,
  item: 'migrations',
  appliesTo: 'migrationRehearsal',
  meta: {
    why: 'The tool refuses to go up or down from a state that it marked as dirty, so the release can neither come nor go.',
    messages: {
      dirty: '{{table}} of the live database says that a migration stopped in the middle',
    },
    remediation:
      'Find out how much of the migration was done, bring the schema to one version or the other by hand, then correct the table (with golang-migrate: migrate force VERSION).',
    bad: {
      language: 'observation',
      text: '{ "table": "public.schema_migrations", "dirty": true }',
      findings: [{ messageId: 'dirty' }],
    },
    good: {
      language: 'observation',
      text: '{ "table": "public.schema_migrations", "dirty": false }',
      findings: [],
    },
    references: ['https://github.com/golang-migrate/migrate/blob/master/FAQ.md'],
  },
  run({ target }) {
    if (!target.dirty) return [];
    return [{ messageId: 'dirty', data: { table: target.table ?? '' }, location: {} }];
  },
};
