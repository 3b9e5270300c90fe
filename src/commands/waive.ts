import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { BaseCommand, durationFlag } from './base.ts';

const twoWeeksMs = 14 * 24 * 3_600_000;

export default class Waive extends BaseCommand {
  static override summary =
    'Accept an item or a finding for a limited time, signed and with a reason.';
  static override description =
    'Writes a signed waiver into the folder of checklist.waivers; the next checklist uses it. The key needs the principal role:waiver in the allowed-signers file, and whoever waives cannot be the one who approves. A waiver runs 30 days at most. Secrets and damaged images cannot be waived.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> performance --reason "no load environment before May" --for 14d',
    '<%= config.bin %> <%= command.id %> 3f2a9c0d11aa55ee3f2a9c0d11aa55ee --reason "fixed in 2.1, see SHOP-77" --owner shop-team',
  ];
  static override args = {
    target: Args.string({
      description: 'item id, or the fingerprint of a finding',
      required: true,
    }),
  };
  static override flags = {
    reason: Flags.string({ description: 'why it is acceptable', required: true }),
    for: durationFlag({
      description: 'how long, 30d at most',
      default: twoWeeksMs,
      defaultHelp: async () => '14d',
    }),
    owner: Flags.string({ description: 'who will mend it; the signer when not given' }),
    identity: Flags.string({
      description: 'your name in the allowed-signers file; git user.email when not given',
    }),
    key: Flags.string({
      description: 'SSH key: a private key file, or a .pub held by your key agent',
      default: '~/.ssh/id_ed25519',
      helpValue: 'FILE',
    }),
    run: Flags.string({
      description: 'run whose item or finding is waived',
      default: 'last',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Waive);
    await this.conduct(flags, async (context) => {
      const { waiveAndSay } = await import('./waiving.ts');
      return waiveAndSay(context, args.target, flags);
    });
  }
}
