import * as Args from '@oclif/core/args';
import { BaseCommand, reportFlags } from './base.ts';

export default class Report extends BaseCommand {
  static override summary =
    'Show a kept run again, in any format, with its sign-offs as they stand now.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> last --output html=report.html',
    '<%= config.bin %> <%= command.id %> release.tar --format markdown',
  ];
  static override args = {
    run: Args.string({ description: 'run id, last, or a bundle file', required: true }),
  };
  static override flags = { ...reportFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Report);
    await this.conduct(flags, async (context) => {
      const { reportRun } = await import('./verifying.ts');
      return reportRun(context, args.run, flags);
    });
  }
}
