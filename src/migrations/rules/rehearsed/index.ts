import type { Check } from '../../../core/check.ts';
import type { MigrationRehearsal, Stage } from '../../observation.ts';

/** Up, down and up again were tried, on nothing and on rows, and came out the same. */
export const check: Check<MigrationRehearsal> = {
  id: 'migration/rehearsed',
  title: 'Migrations go up, down and up again',
  severity: 'error',
  critical: true,
  item: 'migrations',
  appliesTo: 'migrationRehearsal',
  meta: {
    why: 'A down that was never run is a guess. It may fail, leave something behind that the next up trips over, or take rows with it that were there before.',
    messages: {
      'up-failed': 'the up of migration {{migration}} fails {{where}}: {{detail}}',
      'down-failed': 'the down of migration {{migration}} fails {{where}}: {{detail}}',
      'schema-differs':
        'after the down of migration {{migration}} the schema is not what it was ({{where}}): {{detail}}',
      'rows-differ':
        'after the down of migration {{migration}} rows are not what they were ({{where}}): {{detail}}',
      'again-failed':
        'the up of migration {{migration}} fails after its down ({{where}}): {{detail}}',
      'again-differs':
        'the second up of migration {{migration}} makes another schema than the first ({{where}}): {{detail}}',
    },
    remediation:
      'Run the scripts against a copy of the database: up, down, and compare. The down has to take back everything that its up made, and nothing else.',
    bad: {
      language: 'observation',
      text: `{
  "stages": [
    {
      "tried": [
        {
          "trouble": {
            "what": "schema-differs", "file": "migrations/0002_order_status.down.sql", "line": null,
            "detail": "type order_status: expected 'the end', found 'CREATE TYPE order_status AS ENUM ('"
          }
        }
      ]
    }
  ]
}
`,
      findings: [{ messageId: 'schema-differs' }],
    },
    good: {
      language: 'observation',
      text: '{ "stages": [{ "on": "empty" }, { "on": "rows" }] }',
      findings: [],
    },
    references: ['https://www.postgresql.org/docs/current/app-pgdump.html'],
  },
  run({ target, notExamined }) {
    for (const { what, why } of target.gaps) notExamined(what, why);
    return target.stages.flatMap((stage) => {
      const troubled = stage.tried.filter(({ trouble }) => trouble !== null);
      return troubled.flatMap(({ migration, trouble }) => {
        if (!trouble) return [];
        const { what, file, line, detail } = trouble;
        return [
          {
            messageId: what,
            data: { migration, where: whereOf(stage), detail },
            location: file === null ? {} : { file, line: line ?? 1, column: 1 },
            identity: `${migration} ${stage.on}`,
          },
        ];
      });
    });
  },
};

const whereOf = ({ on, set, rows }: Stage): string =>
  on === 'empty' ? 'on an empty database' : `on the ${rows} rows of the set ${set}`;
