import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as Args from '@oclif/core/args';
import { BaseCommand } from '../base.ts';

export default class RunShow extends BaseCommand {
  static override summary =
    'Show where a run is kept, what it covers and the digests of its files.';
  static override examples = ['<%= config.bin %> <%= command.id %> last'];
  static override args = {
    run: Args.string({ description: 'run id, last, or a bundle file', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RunShow);
    await this.conduct(flags, async (context) => {
      const { openRun } = await import('../open-run.ts');
      const { runFiles } = await import('../../core/run-folder.ts');
      const { run } = await openRun(context, args.run);
      const { command, startedAt, verdict, inputs } = run.record;
      const lines = [
        `run      ${run.id}`,
        `folder   ${run.folder}`,
        `command  ${command}`,
        `started  ${startedAt}`,
        `verdict  ${verdict}`,
        ...inputs.map(({ kind, digest, source }) => `input    ${kind} ${digest} ${source}`),
      ];
      const sums = await readFile(join(run.folder, runFiles.sums), 'utf8');
      process.stdout.write(`${lines.join('\n')}\n${sums}`);
      return 0;
    });
  }
}
