import { Config } from '@oclif/core/config';
import { settings } from '@oclif/core/settings';
import { packageFile } from './core/package-root.ts';
import { nearest } from './core/suggest.ts';

/**
 * Finds the command and runs it. Help, misspelt commands and errors of parsing are oclif's, which
 * loads them only then. A parse error ends 2, as every usage error does.
 */
export async function main(argv: readonly string[]): Promise<void> {
  settings.enableAutoTranspile = false;
  try {
    const config = await Config.load({ root: packageFile('.') });
    const found = asksForHelp(argv) ? undefined : commandIn(config, argv);
    if (found) await config.runCommand(found.id, [...found.rest]);
    else if (isUnknown(config, argv)) sayUnknown(config, argv);
    else await (await import('./oclif-fallback.ts')).run([...argv], config);
  } catch (error) {
    const { handle } = await import('./oclif-fallback.ts');
    await handle(error instanceof Error ? error : new Error(String(error)));
  }
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const before = end === -1 ? argv : argv.slice(0, end);
  return before.includes('--help') || before.includes('-h');
}

/** The longest run of leading words that is a command: `rules list` before `rules`. */
function commandIn(
  config: Config,
  argv: readonly string[],
): { readonly id: string; readonly rest: readonly string[] } | undefined {
  const firstFlag = argv.findIndex((word) => word.startsWith('-'));
  const words = firstFlag === -1 ? argv : argv.slice(0, firstFlag);
  for (let count = Math.min(words.length, 2); count > 0; count--) {
    const id = words.slice(0, count).join(':');
    if (config.findCommand(id)) return { id, rest: argv.slice(count) };
  }
  return undefined;
}

/** A topic alone is not unknown: oclif lists its commands. */
function isUnknown(config: Config, argv: readonly string[]): boolean {
  const [first] = argv;
  if (first === undefined || first.startsWith('-') || asksForHelp(argv)) return false;
  return argv.length > 1 || !config.findTopic(first);
}

function sayUnknown(config: Config, argv: readonly string[]): void {
  const words = argv.filter((word) => !word.startsWith('-')).slice(0, 2);
  const names = config.commandIDs.map((id) => id.replaceAll(':', ' '));
  const near = nearest(words.join(' '), names) ?? nearest(words[0] ?? '', names);
  const hint = near ? `did you mean '${near}'?` : '`deploycheck --help` lists them';
  process.stderr.write(`deploycheck: there is no command '${words.join(' ')}'; ${hint}\n`);
  process.exitCode = 2;
}
