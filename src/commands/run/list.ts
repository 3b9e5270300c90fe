import * as Flags from '@oclif/core/flags';
import { visible } from '../../report/visible.ts';
import { BaseCommand } from '../base.ts';

export default class RunList extends BaseCommand {
  static override summary = 'List the runs kept here and check the chain that joins them.';
  static override description =
    'Exit 4 when the chain is broken: a line was edited or removed, a run is missing, or two histories were joined.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --format json',
  ];
  static override flags = {
    format: Flags.option({ options: ['text', 'json'] as const })({
      description: 'what stdout gets',
      default: 'text',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(RunList);
    await this.conduct(flags, async ({ home }) => {
      const { chainOf } = await import('../../core/run-store.ts');
      const { entries, problems } = await chainOf(home);
      if (flags.format === 'json') {
        process.stdout.write(`${JSON.stringify({ runs: entries, problems }, null, 2)}\n`);
      } else {
        for (const { run, verdict, startedAt, command } of entries) {
          const line = `${run}  ${verdict.padEnd(7)}  ${startedAt}  ${command}`;
          process.stdout.write(`${visible(line)}\n`);
        }
        for (const { message } of problems) process.stderr.write(`index: ${message}\n`);
      }
      return problems.length > 0 ? 4 : 0;
    });
  }
}
