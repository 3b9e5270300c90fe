import * as Flags from '@oclif/core/flags';
import { repositoryFlags, trustFlag } from '../backup-run.ts';
import { BaseCommand, durationFlag, reportFlags } from '../base.ts';

const keep = (what: string) =>
  Flags.integer({ description: `${what}, instead of the configured number`, min: 0 });

export default class BackupPrune extends BaseCommand {
  static override summary = 'Remove the backup sets that the retention policy does not keep.';
  static override description =
    'Says what it would do; --yes does it. A set ends when its manifest is removed, of which a copy stays; its data, and the objects that no other set counts on, go with a later prune, once the grace period is over. The newest set and the newest rehearsed one always stay, and where nothing was rehearsed nothing is removed. Needs no identity: what it reads of an encrypted set is readable. A set without a good signature that is asked for changes nothing for others, and goes only when the policy would remove it anyway. Exit 3: something was left because it could not be looked at.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --yes',
    '<%= config.bin %> <%= command.id %> --keep-daily 7 --keep-weekly 5 --keep-monthly 12 --repository s3://backups/shop',
  ];
  static override flags = {
    ...reportFlags,
    repository: repositoryFlags.repository,
    ...trustFlag,
    'keep-last': keep('keep the newest so many sets'),
    'keep-daily': keep('keep the newest set of each of so many days (UTC)'),
    'keep-weekly': keep('keep the newest set of each of so many weeks, Monday to Sunday'),
    'keep-monthly': keep('keep the newest set of each of so many months'),
    'keep-within': durationFlag({
      description: 'keep every set that is at most this much older than the newest',
      helpValue: '14d',
    }),
    grace: durationFlag({
      description:
        'how long the data of a set stay after its end; longer than any backup or restore takes',
      default: 48 * 3_600_000,
      defaultHelp: async () => '48h',
      helpValue: '48h',
    }),
    yes: Flags.boolean({ char: 'y', description: 'do it' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(BackupPrune);
    await this.conduct(flags, async (context) => {
      const { pruneRepository } = await import('../pruning.ts');
      return pruneRepository(context, flags);
    });
  }
}
