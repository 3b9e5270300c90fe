import * as Args from '@oclif/core/args';
import { Fault } from '../../core/fault.ts';
import { nearest } from '../../core/suggest.ts';
import { BaseCommand } from '../base.ts';
import { checks } from '../checks.ts';
import { rulePage } from '../rule-text.ts';

export default class RulesExplain extends BaseCommand {
  static override summary = 'Say why a rule exists, show it at work, and how to mend a finding.';
  static override examples = ['<%= config.bin %> <%= command.id %> manifest/probe-port'];
  static override args = {
    id: Args.string({ description: 'rule id, as `rules list` prints it', required: true }),
  };

  async run(): Promise<void> {
    const { flags, args } = await this.parse(RulesExplain);
    await this.conductBare(flags, async () => {
      const check = checks.find((candidate) => candidate.id === args.id);
      if (!check) {
        const near = nearest(
          args.id,
          checks.map((candidate) => candidate.id),
        );
        const hint = near ? `; did you mean '${near}'?` : '';
        throw new Fault('usage-invalid', `there is no rule '${args.id}'${hint}`);
      }
      process.stdout.write(rulePage(check));
      return 0;
    });
  }
}
