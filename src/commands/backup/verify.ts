import * as Args from '@oclif/core/args';
import { metricsFlag } from '../backup-metrics.ts';
import { conductBackup, readingFlags, repositoryFlags } from '../backup-run.ts';
import { BaseCommand, failOnFlag, reportFlags } from '../base.ts';

export default class BackupVerify extends BaseCommand {
  static override summary = 'Read every byte of a backup set and compare it with its manifest.';
  static override description =
    'Shows that nothing was lost or changed since the set was made. That it restores, only a rehearsal shows. Of an encrypted set the stored bytes are read; with --identity what they hold, too.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> 20261121T151500123Z-shop-5f0c9a1e --repository file:/srv/backups',
    '<%= config.bin %> <%= command.id %> last --identity ~/backup-key.txt',
  ];
  static override args = {
    set: Args.string({ description: 'name of a set, or last', default: 'last' }),
  };
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    ...repositoryFlags,
    ...readingFlags,
    ...metricsFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BackupVerify);
    await this.conduct(flags, async (context) => {
      const { verify } = await import('../backing-up.ts');
      return conductBackup(context, flags, (systems) => verify(context, flags, args.set, systems));
    });
  }
}
