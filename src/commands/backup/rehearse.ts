import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { metricsFlag } from '../backup-metrics.ts';
import { conductBackup, readingFlags, repositoryFlags } from '../backup-run.ts';
import { BaseCommand, failOnFlag, reportFlags } from '../base.ts';

export default class BackupRehearse extends BaseCommand {
  static override summary =
    'Restore a backup set into scratch places, compare, and measure the time.';
  static override description =
    'Makes a database and buckets under random names, restores the set into them, compares rows, sequences, large objects, schema and objects with what the source held, and removes them again. Exit 0 is good, 1 is bad, 3 is could not be checked, with what the environment lacks. A database that another tool backs up (`databases.NAME.backups`) is restored through that tool into a folder, and recovered to the end of the archive.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> last --server env:REHEARSAL_DATABASE_URL',
    '<%= config.bin %> <%= command.id %> last --check-foreign-keys',
    '<%= config.bin %> <%= command.id %> last --identity ~/backup-key.txt',
  ];
  static override args = {
    set: Args.string({
      description: 'name of a set or of a backup of another tool, or last',
      default: 'last',
    }),
  };
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    ...repositoryFlags,
    ...readingFlags,
    ...metricsFlag,
    server: Flags.string({
      description:
        'server for the scratch database, as env:NAME, file:PATH or service:NAME; the source’s own when not given',
      helpValue: 'DATABASE',
    }),
    'check-foreign-keys': Flags.boolean({
      description:
        'look for a counterpart of every row once more, by every foreign key; takes about as long as adding the keys did',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BackupRehearse);
    await this.conduct(flags, async (context) => {
      const { rehearse } = await import('../backing-up.ts');
      return conductBackup(context, flags, (systems) =>
        rehearse(context, flags, args.set, systems),
      );
    });
  }
}
