import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { BaseCommand, reportFlags } from './base.ts';

export default class Verify extends BaseCommand {
  static override summary =
    'Check a run: every byte of it, every signature, and whether anything changed since.';
  static override description =
    'Exit 0 when the release is approved and unchanged, 1 when rejected, 3 while held or waiting, 4 when a signature is stale, expired or bad or a byte of the record changed.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> last',
    '<%= config.bin %> <%= command.id %> release.tar --trust allowed_signers   # in the deploy job',
    '<%= config.bin %> <%= command.id %> release.tar --record-only',
  ];
  static override args = {
    run: Args.string({ description: 'run id, last, or a bundle file', required: true }),
  };
  static override flags = {
    ...reportFlags,
    trust: Flags.string({
      description: 'allowed-signers file, instead of the configured one',
      helpValue: 'FILE',
    }),
    'record-only': Flags.boolean({
      description: 'do not compare with the images, manifests and migrations that are here now',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Verify);
    await this.conduct(flags, async (context) => {
      const { verifyAndReport } = await import('./verifying.ts');
      return verifyAndReport(context, args.run, flags);
    });
  }
}
