import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { AllowList } from '../../validators/secret/allow/allow-list.ts';
import type { History, HistoryProgress } from '../../validators/secret/history.ts';
import {
  BaseCommand,
  baselineFlags,
  type CommandContext,
  failOnFlag,
  reportFlags,
} from '../base.ts';
import { examine } from '../examine.ts';

export default class ValidateSecrets extends BaseCommand {
  static override summary = 'Look for keys, tokens and passwords in files.';
  static override description =
    'Reads every file as bytes, binary ones too. What is found is shown masked; the value itself is never printed or stored. .git, node_modules and .deploycheck are not entered. What .gitleaks.toml, .gitleaksignore and comments gitleaks:allow accept is listed apart.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> .',
    '<%= config.bin %> <%= command.id %> . --history --baseline known-secrets.json',
    '<%= config.bin %> <%= command.id %> src config --format sarif --output junit=secrets.xml',
  ];
  static override strict = false;
  static override args = {
    paths: Args.string({ description: 'files and folders', required: true }),
  };
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    ...baselineFlags,
    history: Flags.boolean({
      description: 'also read what every commit of every branch and tag brought; needs git',
    }),
    save: Flags.boolean({ description: 'keep the record as a run' }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(ValidateSecrets);
    await this.conduct(flags, async (context) => {
      const { loadFiles } = await import('../../validators/secret/load.ts');
      const paths = argv.map(String);
      const root = process.cwd();
      const history = flags.history ? await historyReader(context, root, paths) : undefined;
      const load = () =>
        loadFiles({ paths, root, signal: context.signal, ...(history && { history }) });
      return examine(context, flags, 'fileSet', [{ name: paths.join(' '), load }]);
    });
  }
}

async function historyReader(
  { adapters, signal, quiet }: CommandContext,
  folder: string,
  paths: readonly string[],
): Promise<(allow: readonly AllowList[]) => Promise<History>> {
  const { readHistory } = await import('../../validators/secret/history.ts');
  const git = await adapters.git();
  const isWatched = !quiet && process.stderr.isTTY === true;
  const onProgress = ({ contents, bytes }: HistoryProgress) => {
    const size = (bytes / 1024 / 1024).toFixed(0);
    if (isWatched) process.stderr.write(`\r${contents} contents of the history, ${size} MiB`);
  };
  return async (allow) => {
    const history = await readHistory(git, { folder, paths, signal, allow, onProgress });
    if (isWatched) process.stderr.write('\r\u001b[K');
    return history;
  };
}
