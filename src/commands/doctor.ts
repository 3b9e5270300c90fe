import * as Flags from '@oclif/core/flags';
import { redactDeep } from '../core/redact.ts';
import { BaseCommand } from './base.ts';

export default class Doctor extends BaseCommand {
  static override summary =
    'List every tool and server deploycheck can use, and how to get what is missing.';
  static override description =
    'Looks and changes nothing. A missing tool makes items pending, never passed, so the exit code is 0 either way; --strict makes it 3 when something is missing.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --format json --strict',
  ];
  static override flags = {
    format: Flags.option({ options: ['text', 'json'] as const })({
      description: 'what stdout gets',
      default: 'text',
    }),
    strict: Flags.boolean({ description: 'exit 3 when anything is missing' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    await this.conduct(flags, async ({ adapters, config, redact, signal }) => {
      const { diagnose } = await import('../config/doctor.ts');
      const processes = await adapters.processes();
      const found = redactDeep(
        await diagnose({ config, processes, signal, env: process.env }),
        redact,
      );
      if (flags.format === 'json') process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
      else {
        for (const { name, status, detail, neededFor, howToGet } of found) {
          process.stdout.write(`${status.padEnd(14)}  ${name.padEnd(20)}  ${detail}\n`);
          if (status !== 'found')
            process.stdout.write(`${' '.repeat(16)}for ${neededFor}: ${howToGet}\n`);
        }
      }
      return flags.strict && found.some(({ status }) => status !== 'found') ? 3 : 0;
    });
  }
}
