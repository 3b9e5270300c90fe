import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { BaseCommand, failOnFlag, reportFlags } from '../base.ts';
import { examine } from '../examine.ts';
import { serverRulesFlag } from '../server-rules-flag.ts';

export default class ValidateManifests extends BaseCommand {
  static override summary = 'Check Kubernetes manifests against schema, references and good sense.';
  static override description =
    'All files named belong to one release, so references between objects cross files. Nothing is sent anywhere: the schemas of the target version are part of deploycheck.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> deploy/',
    '<%= config.bin %> <%= command.id %> deploy/ --kube-version 1.34 --format sarif > manifests.sarif',
    'helm template ./chart | <%= config.bin %> <%= command.id %> -',
  ];
  static override strict = false;
  static override args = {
    paths: Args.string({
      description: 'files and folders, or - for standard input',
      required: true,
    }),
  };
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    'kube-version': Flags.string({
      description: 'Kubernetes minor version to be valid for; the newest known when not given',
      helpValue: '1.34',
    }),
    ...serverRulesFlag,
    save: Flags.boolean({ description: 'keep the record as a run' }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(ValidateManifests);
    await this.conduct(flags, async (context) => {
      const { loadManifests } = await import('../../validators/manifest/load.ts');
      const paths = argv.map(String);
      const load = () =>
        loadManifests({
          paths,
          root: process.cwd(),
          signal: context.signal,
          stdin: process.stdin,
          kubeVersion: flags['kube-version'],
          serverRules: flags['server-rules'],
        });
      return examine(context, flags, 'manifestSet', [{ name: paths.join(' '), load }]);
    });
  }
}
