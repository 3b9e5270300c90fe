import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { BaseCommand, durationFlag } from './base.ts';

const oneDayMs = 24 * 3_600_000;

export default class Sign extends BaseCommand {
  static override summary = 'Put a name under a run: approve, reject or hold, with an SSH key.';
  static override description =
    'Signs the digests of the record and of everything it looked at. An approval is refused while a critical item is neither pass nor waived (exit 3), or has failed (exit 1).';
  static override examples = [
    '<%= config.bin %> <%= command.id %> last --decision approve --key ~/.ssh/id_ed25519',
    '<%= config.bin %> <%= command.id %> last --decision hold --comment "waiting for the backup drill"',
    '<%= config.bin %> <%= command.id %> release.tar --decision reject --identity alice@example.com',
  ];
  static override args = {
    run: Args.string({ description: 'run id, last, or a bundle file', required: true }),
  };
  static override flags = {
    decision: Flags.option({ options: ['approve', 'reject', 'hold'] as const })({
      description: 'what you decide; asked for on a terminal when not given',
    }),
    role: Flags.string({ description: 'role you sign in', default: 'release' }),
    identity: Flags.string({
      description: 'your name in the allowed-signers file; git user.email when not given',
    }),
    key: Flags.string({
      description: 'SSH key: a private key file, or a .pub held by your key agent',
      default: '~/.ssh/id_ed25519',
      helpValue: 'FILE',
    }),
    comment: Flags.string({ description: 'what the next reader should know', default: '' }),
    'expires-in': durationFlag({
      description: 'how long the decision holds',
      default: oneDayMs,
      defaultHelp: async () => '24h',
    }),
    trust: Flags.string({
      description: 'allowed-signers file, instead of the configured one',
      helpValue: 'FILE',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Sign);
    await this.conduct(flags, async (context) => {
      const { signAndSay } = await import('./signing.ts');
      return signAndSay(context, args.run, flags);
    });
  }
}
