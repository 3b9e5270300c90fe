import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { Fault } from '../../core/fault.ts';
import type { Severity } from '../../core/finding.ts';
import { BaseCommand, baselineFlags, presetFlag, reportFlags } from '../base.ts';
import { dockerfileInputs } from '../dockerfile-inputs.ts';
import { examine } from '../examine.ts';

const severities: readonly Severity[] = ['error', 'warning', 'info'];

export default class ValidateDockerfile extends BaseCommand {
  static override summary = 'Check Dockerfiles: syntax, stages, users, secrets, shell commands.';
  static override description =
    'Reads Dockerfiles as BuildKit does, without a daemon, and what RUN says as a shell does. Comments and .hadolint.yaml of hadolint and the comments of BuildKit are understood.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> Dockerfile',
    '<%= config.bin %> <%= command.id %> . --preset recommended --format sarif > dockerfiles.sarif',
    '<%= config.bin %> <%= command.id %> Dockerfile --image oci:build/image',
    '<%= config.bin %> <%= command.id %> . --preset recommended --fix --dry-run',
    '<%= config.bin %> <%= command.id %> - < Dockerfile',
  ];
  static override strict = false;
  static override args = {
    paths: Args.string({
      description:
        'files, folders whose Dockerfiles and Containerfiles are looked for, or - for standard input',
      required: true,
    }),
  };
  static override flags = {
    ...reportFlags,
    'fail-on': Flags.option({ options: severities })({
      description:
        'lowest severity that makes the exit code 1; failure-threshold of .hadolint.yaml when not given, otherwise error',
    }),
    ...presetFlag,
    ...baselineFlags,
    context: Flags.string({
      description:
        'build context, whose .dockerignore counts; the folder of each file when not given',
      helpValue: 'FOLDER',
    }),
    image: Flags.string({
      description: 'image that was built of the file, to be compared with it',
      helpValue: 'IMAGE',
    }),
    fix: Flags.boolean({
      description:
        'mend what means the same mended, or is just what a rule asks, and report what is left',
    }),
    'dry-run': Flags.boolean({
      description: 'with --fix: print the changes as a patch, and write nothing',
      dependsOn: ['fix'],
    }),
    save: Flags.boolean({ description: 'keep the record as a run' }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(ValidateDockerfile);
    await this.conduct(flags, async (context) => {
      const words = argv.map(String);
      const inputs = await dockerfileInputs(words, flags, context);
      if (!flags.fix) return examine(context, flags, 'dockerfile', inputs);
      if (words.includes('-')) {
        throw new Fault('usage-invalid', '--fix mends files, and `-` is none');
      }
      const { fixDockerfiles } = await import('../fixing-dockerfiles.ts');
      return fixDockerfiles(context, flags, { root: process.cwd(), inputs });
    });
  }
}
