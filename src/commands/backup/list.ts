import * as Flags from '@oclif/core/flags';
import { repositoryFlags } from '../backup-run.ts';
import { BaseCommand } from '../base.ts';

export default class BackupList extends BaseCommand {
  static override summary = 'List the backup sets of a repository, newest first.';
  static override description =
    'Backups that another tool makes of the database (`databases.NAME.backups`) come first. With --repository only the sets of that place are listed.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --env production',
    '<%= config.bin %> <%= command.id %> --repository s3://backups/shop --format json',
  ];
  static override flags = {
    ...repositoryFlags,
    format: Flags.option({ options: ['text', 'json'] as const })({
      description: 'what stdout gets',
      default: 'text',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(BackupList);
    await this.conduct(flags, async (context) => {
      const { listText } = await import('../backup-list.ts');
      process.stdout.write(context.redact(await listText(context, flags)));
      return 0;
    });
  }
}
