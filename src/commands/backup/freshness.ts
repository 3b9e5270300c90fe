import { metricsFlag } from '../backup-metrics.ts';
import { conductBackup, repositoryFlags, trustFlag } from '../backup-run.ts';
import { BaseCommand, durationFlag, failOnFlag, reportFlags } from '../base.ts';

export default class BackupFreshness extends BaseCommand {
  static override summary = 'Say in a line whether the backups are young enough.';
  static override description =
    'Looks at the repository alone; for a database that another tool backs up (`databases.NAME.backups`), at what that tool says and what the server says it archived. Exit 1: the newest set is older than may be lost, there is none, or no rehearsal counts; 3: the newest manifest or the last rehearsal could not be judged, or the newest set has not the signature that is asked for.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --max-age 26h --max-rehearsal-age 8d',
    '<%= config.bin %> <%= command.id %> --repository s3://backups/shop --metrics-file /var/lib/node_exporter/backup.prom',
  ];
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    ...repositoryFlags,
    ...trustFlag,
    ...metricsFlag,
    'max-age': durationFlag({
      description: 'how old the newest set may be; sla.rpo when not given',
      helpValue: '26h',
    }),
    'max-rehearsal-age': durationFlag({
      description:
        'how long the rehearsal of an earlier set counts; checklist.evidenceMaxAge when not given',
      helpValue: '8d',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(BackupFreshness);
    await this.conduct(flags, async (context) => {
      const { freshness } = await import('../backup-freshness.ts');
      return conductBackup(context, flags, (systems) => freshness(context, flags, systems));
    });
  }
}
