import * as Args from '@oclif/core/args';
import { BaseCommand } from '../base.ts';

export default class RunImport extends BaseCommand {
  static override summary = 'Take a run from a bundle file into the runs kept here.';
  static override examples = ['<%= config.bin %> <%= command.id %> release.tar'];
  static override args = {
    file: Args.string({ description: 'bundle that `run export` wrote', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RunImport);
    await this.conduct(flags, async (context) => {
      const { importBundle } = await import('../open-run.ts');
      process.stdout.write(`${await importBundle(context, args.file)}\n`);
      return 0;
    });
  }
}
