import * as Flags from '@oclif/core/flags';
import { checks } from '../../validators/registry.ts';
import { BaseCommand } from '../base.ts';
import { ruleTable } from '../rule-text.ts';

export default class RulesList extends BaseCommand {
  static override summary = 'List every rule with its severity and the checklist item it serves.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --format json',
  ];
  static override flags = {
    format: Flags.option({ options: ['text', 'json'] as const })({
      description: 'what stdout gets',
      default: 'text',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(RulesList);
    await this.conductBare(flags, async () => {
      const list = checks.map(({ id, title, severity, critical, item }) => {
        return { id, title, severity, critical, item };
      });
      process.stdout.write(
        flags.format === 'json' ? `${JSON.stringify(list, null, 2)}\n` : ruleTable(list),
      );
      return 0;
    });
  }
}
