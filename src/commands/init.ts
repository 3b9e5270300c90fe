import * as Flags from '@oclif/core/flags';
import { BaseCommand } from './base.ts';

export default class Init extends BaseCommand {
  static override summary = 'Look at this repository and write a commented deploycheck.yaml.';
  static override description =
    'Recognises Dockerfiles, manifests, charts, kustomizations, migrations, OpenAPI documents, compose and CI files. An existing file is never overwritten.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --print   # only look',
  ];
  static override flags = {
    print: Flags.boolean({ description: 'print the file instead of writing it' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Init);
    await this.conductBare(flags, async ({ signal }) => {
      const { initialise } = await import('./initialise.ts');
      return initialise(process.cwd(), flags.print, signal);
    });
  }
}
