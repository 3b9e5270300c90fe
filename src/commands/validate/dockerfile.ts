import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { Fault } from '../../core/fault.ts';
import type { Severity } from '../../core/finding.ts';
import {
  BaseCommand,
  baselineFlags,
  type CommandContext,
  presetFlag,
  reportFlags,
} from '../base.ts';
import { examine, type Input } from '../examine.ts';
import { imageSystems } from '../image-systems.ts';

const severities: readonly Severity[] = ['error', 'warning', 'info'];

export default class ValidateDockerfile extends BaseCommand {
  static override summary = 'Check Dockerfiles: syntax, stages, users, secrets, shell commands.';
  static override description =
    'Reads Dockerfiles as BuildKit does, without a daemon, and what RUN says as a shell does. Comments and .hadolint.yaml of hadolint and the comments of BuildKit are understood.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> Dockerfile',
    '<%= config.bin %> <%= command.id %> . --preset recommended --format sarif > dockerfiles.sarif',
    '<%= config.bin %> <%= command.id %> Dockerfile --image oci:build/image',
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
    save: Flags.boolean({ description: 'keep the record as a run' }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(ValidateDockerfile);
    await this.conduct(flags, async (context) => {
      const inputs = await inputsOf(argv.map(String), flags, context);
      return examine(context, flags, 'dockerfile', inputs);
    });
  }
}

interface Named {
  readonly context?: string | undefined;
  readonly image?: string | undefined;
}

async function inputsOf(
  words: readonly string[],
  { context, image }: Named,
  { adapters, signal, scope }: CommandContext,
): Promise<readonly Input[]> {
  const root = process.cwd();
  const { findDockerfiles, loadDockerfile, readStdin, stdinName } = await import(
    '../../validators/dockerfile/load.ts'
  );
  const paths = words.filter((word) => word !== '-');
  const files = paths.length === 0 ? [] : await findDockerfiles(paths, { root, signal });
  const plain: Input[] = files.map(({ path }) => ({
    name: path,
    load: () => loadDockerfile(path, { root, context }),
  }));
  if (words.includes('-')) {
    plain.push({ name: stdinName, load: () => readStdin(process.stdin) });
  }
  if (image === undefined) return plain;
  const [only, ...more] = plain;
  if (!only || more.length > 0) {
    throw new Fault(
      'usage-invalid',
      `--image is for one Dockerfile, and there are ${plain.length}`,
    );
  }
  const load = async () => {
    const { builtImage } = await import('../../validators/dockerfile/built.ts');
    const { loadImage } = await import('../../validators/image/load.ts');
    const dockerfile = await only.load();
    const systems = imageSystems(adapters);
    const built = await builtImage(image, loadImage(image, { root, signal, scope, systems }));
    return { ...dockerfile, built };
  };
  return [{ name: only.name, load }];
}
