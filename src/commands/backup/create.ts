import * as Flags from '@oclif/core/flags';
import { metricsFlag } from '../backup-metrics.ts';
import { conductBackup, repositoryFlags } from '../backup-run.ts';
import { BaseCommand, failOnFlag, reportFlags } from '../base.ts';

export default class BackupCreate extends BaseCommand {
  static override summary = 'Back up the database and the buckets of an environment into one set.';
  static override description =
    'pg_dump, row fingerprints and the keys that rows name are read in one snapshot; objects are copied after it. The set appears with its manifest, which is written last. Needs pg_dump of the version of the server, or newer.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --env production --repository s3://backups/shop',
    '<%= config.bin %> <%= command.id %> --repository file:/srv/backups --format json',
    '<%= config.bin %> <%= command.id %> --recipient age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p',
  ];
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    ...repositoryFlags,
    ...metricsFlag,
    recipient: Flags.string({
      description:
        'public key of age that can decrypt the set, instead of repository.encryption.recipients; repeatable',
      helpValue: 'age1…',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'sign-key': Flags.string({
      description:
        'SSH key that signs the manifest, as a private key file or the .pub of one your agent holds; repository.signing.key when not given',
      helpValue: 'KEY',
    }),
    trust: Flags.string({
      description: 'allowed-signers file that lets the key sign as role:backup',
      helpValue: 'FILE',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(BackupCreate);
    await this.conduct(flags, async (context) => {
      const { create } = await import('../backing-up.ts');
      return conductBackup(context, flags, (systems) => create(context, flags, systems));
    });
  }
}
