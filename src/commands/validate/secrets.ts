import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { BaseCommand, failOnFlag, reportFlags } from '../base.ts';
import { examine } from '../examine.ts';

export default class ValidateSecrets extends BaseCommand {
  static override summary = 'Look for keys, tokens and passwords in files.';
  static override description =
    'Reads every file as bytes, binary ones too. What is found is shown masked; the value itself is never printed or stored. .git, node_modules and .deploycheck are not entered.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> .',
    '<%= config.bin %> <%= command.id %> src config --format sarif --output junit=secrets.xml',
  ];
  static override strict = false;
  static override args = {
    paths: Args.string({ description: 'files and folders', required: true }),
  };
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    save: Flags.boolean({ description: 'keep the record as a run' }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(ValidateSecrets);
    await this.conduct(flags, async (context) => {
      const { loadFiles } = await import('../../validators/secret/load.ts');
      const paths = argv.map(String);
      const load = () => loadFiles({ paths, root: process.cwd(), signal: context.signal });
      return examine(context, flags, 'fileSet', [{ name: paths.join(' '), load }]);
    });
  }
}
