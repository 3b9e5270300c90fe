import { relative, resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { environmentNamed } from '../../config/environment.ts';
import { BaseCommand, failOnFlag, reportFlags } from '../base.ts';
import { examine } from '../examine.ts';

export default class ValidateManifests extends BaseCommand {
  static override summary = 'Check Kubernetes manifests against schema, references and good sense.';
  static override description =
    'All files named belong to one release, so references between objects cross files. Nothing is sent anywhere: the schemas of the target version are part of deploycheck.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> deploy/',
    '<%= config.bin %> <%= command.id %> deploy/ --kube-version 1.35,1.36 --format sarif > manifests.sarif',
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
      description:
        'Kubernetes minor version to be valid for, or several with commas between; those of the environment when not given, otherwise the newest known',
      helpValue: '1.35,1.36',
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
    }),
    crds: Flags.string({
      description:
        'file or folder of CustomResourceDefinitions that the cluster has from elsewhere, beside those of the configuration; repeatable',
      helpValue: 'PATH',
      multiple: true,
      multipleNonGreedy: true,
    }),
    env: Flags.string({ description: 'environment of deploycheck.yaml', helpValue: 'NAME' }),
    save: Flags.boolean({ description: 'keep the record as a run' }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(ValidateManifests);
    await this.conduct(flags, async (context) => {
      const { loadManifests } = await import('../../validators/manifest/load.ts');
      const { withDefinitions } = await import('../../validators/manifest/definitions.ts');
      const { kubeTargetsOf } = await import('../../validators/manifest/kube-targets.ts');
      const { config, signal } = context;
      const environment = environmentNamed(config, flags.env);
      const kubeVersions = flags['kube-version'] ?? environment?.kubeVersions;
      const root = process.cwd();
      const crds = [
        ...(config.value.manifests?.crds ?? []).map((path) =>
          relative(root, resolve(config.root, path)),
        ),
        ...(flags.crds ?? []),
      ];
      if (kubeVersions) await kubeTargetsOf({ kubeVersions });
      const paths = argv.map(String);
      const load = async () => {
        const stdin = process.stdin;
        const manifests = await loadManifests({ paths, root, signal, stdin, kubeVersions });
        return withDefinitions(manifests, { paths: crds, root, signal });
      };
      return examine(context, flags, 'manifestSet', [{ name: paths.join(' '), load }]);
    });
  }
}
