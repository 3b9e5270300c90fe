import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { metricsFlag } from '../backup-metrics.ts';
import { conductBackup, readingFlags, repositoryFlags } from '../backup-run.ts';
import { BaseCommand, failOnWarningFlag, reportFlags } from '../base.ts';

export default class BackupDrill extends BaseCommand {
  static override summary = 'Rehearse a disaster: restore everything from the repository alone.';
  static override description =
    'As if database and buckets were gone now: restores the newest set into a new database of --server and new buckets of --store, compares, and removes them. The time until all was compared is held against sla.restore, the age of the data against sla.rpo. What the set was made of is not asked for anything; the addresses in the configuration are not used. Exit 3: the server lacks what the set needs, such as a role.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --server env:SPARE_DATABASE_URL --store https://s3.spare.example.com',
    '<%= config.bin %> <%= command.id %> --repository s3://backups/shop --server env:SPARE_DATABASE_URL --store env:SPARE_S3 --store-access-key env:SPARE_KEY --store-secret-key file:spare.secret',
    '<%= config.bin %> <%= command.id %> --server env:SPARE_DATABASE_URL --identity ~/backup-key.txt --trust allowed_signers',
  ];
  static override args = {
    set: Args.string({ description: 'name of a set, or last', default: 'last' }),
  };
  static override flags = {
    ...reportFlags,
    // How long it takes is what a drill is about.
    ...failOnWarningFlag,
    repository: repositoryFlags.repository,
    ...readingFlags,
    ...metricsFlag,
    server: Flags.string({
      description:
        'server for the new database, as env:NAME, file:PATH or service:NAME of any database of it',
      helpValue: 'DATABASE',
    }),
    store: Flags.string({
      description: 'object store for the new buckets, as http(s)://HOST or env:NAME',
      helpValue: 'ENDPOINT',
    }),
    'store-access-key': Flags.string({
      description: 'its access key, as env:NAME or file:PATH; the AWS_* variables when not given',
      helpValue: 'REF',
      dependsOn: ['store', 'store-secret-key'],
    }),
    'store-secret-key': Flags.string({
      description: 'its secret key, as env:NAME or file:PATH',
      helpValue: 'REF',
      dependsOn: ['store', 'store-access-key'],
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BackupDrill);
    await this.conduct(flags, async (context) => {
      const { drillSet } = await import('../backup-drill.ts');
      return conductBackup(context, flags, (systems) =>
        drillSet(context, flags, args.set, systems),
      );
    });
  }
}
