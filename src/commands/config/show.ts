import * as Flags from '@oclif/core/flags';
import { redactDeep } from '../../core/redact.ts';
import { BaseCommand } from '../base.ts';

export default class ConfigShow extends BaseCommand {
  static override summary = 'Show the configuration in force and where every value comes from.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --config deploy/deploycheck.yaml --format json',
  ];
  static override flags = {
    format: Flags.option({ options: ['text', 'json'] as const })({
      description: 'what stdout gets',
      default: 'text',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigShow);
    await this.conduct(flags, async ({ config, redact }) => {
      const { settings } = await import('../../config/settings.ts');
      const list = redactDeep(settings(config), redact);
      const width = Math.max(...list.map(({ path }) => path.length));
      process.stdout.write(
        flags.format === 'json'
          ? `${JSON.stringify(list, null, 2)}\n`
          : list
              .map(({ path, value, origin }) => {
                return `${path.padEnd(width)}  ${JSON.stringify(value)}  (${origin})\n`;
              })
              .join(''),
      );
      return 0;
    });
  }
}
