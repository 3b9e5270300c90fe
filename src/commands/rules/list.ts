import { readFileSync } from 'node:fs';
import * as Flags from '@oclif/core/flags';
import { packageFile } from '../../core/package-root.ts';
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
      // Generated from the rules, which need not be loaded to be listed.
      const text = readFileSync(packageFile('data/rules.json'), 'utf8');
      process.stdout.write(flags.format === 'json' ? text : ruleTable(JSON.parse(text)));
      return 0;
    });
  }
}
