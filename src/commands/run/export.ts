import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { BaseCommand } from '../base.ts';

export default class RunExport extends BaseCommand {
  static override summary = 'Write a run into one file, to sign or verify it on another machine.';
  static override examples = ['<%= config.bin %> <%= command.id %> last --file release.tar'];
  static override args = {
    run: Args.string({ description: 'run id or last', required: true }),
  };
  static override flags = {
    file: Flags.string({
      char: 'o',
      description: 'bundle to write; RUN.tar when not given',
      helpValue: 'FILE',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RunExport);
    await this.conduct(flags, async (context) => {
      const { packRun } = await import('../../checklist/bundle.ts');
      const { writeWhole } = await import('../../core/write-whole.ts');
      const { readRun } = await import('../../core/run-store.ts');
      const run = await readRun(context.home, args.run);
      const file = flags.file ?? `${run.id}.tar`;
      await writeWhole(file, await packRun(run));
      process.stdout.write(`${file}\n`);
      return 0;
    });
  }
}
