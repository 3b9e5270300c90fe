import { readdir } from 'node:fs/promises';
import type { Command } from '@oclif/core';
import { packageFile } from '../src/core/package-root.ts';
import type { Generated } from './generated.ts';

type CommandClass = typeof Command;

/** Every command with its arguments, flags and examples. */
export async function commandReference(): Promise<Generated> {
  const files = (await readdir(packageFile('src/commands'), { recursive: true }))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort();
  const sections: string[] = [];
  for (const file of files) {
    const module: { default?: CommandClass } = await import(packageFile(`src/commands/${file}`));
    if (module.default)
      sections.push(section(file.replace(/\.ts$/, '').replaceAll('/', ' '), module.default));
  }
  const text = ['# Commands', '', globalNote, '', ...sections].join('\n');
  return { file: 'docs/commands.md', text };
}

const globalNote =
  'Every command takes `--config FILE`, `--timeout DURATION`, `--quiet`, `--verbose` and `--no-color`. Progress goes to stderr, the report to stdout. Exit codes: [faults.md](faults.md).';

function section(name: string, command: CommandClass): string {
  const args = Object.entries(command.args ?? {});
  const flags = Object.entries(command.flags ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const usage = [name, ...args.map(([arg]) => arg.toUpperCase())].join(' ');
  return [
    `## ${name}`,
    '',
    command.summary ?? '',
    '',
    ...(command.description ? [command.description, ''] : []),
    '```text',
    `deploycheck ${usage}${flags.length > 0 ? ' [flags]' : ''}`,
    '```',
    '',
    ...args.map(([arg, { description }]) => `- \`${arg.toUpperCase()}\`: ${description ?? ''}`),
    ...flags.map(([flag, { description }]) => `- \`--${flag}\`: ${description ?? ''}`),
    ...(args.length + flags.length > 0 ? [''] : []),
    'Examples:',
    '',
    '```sh',
    ...(command.examples ?? []).map((example) =>
      String(example)
        .replaceAll('<%= config.bin %>', 'deploycheck')
        .replaceAll('<%= command.id %>', name),
    ),
    '```',
    '',
  ].join('\n');
}
