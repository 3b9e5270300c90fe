import * as Flags from '@oclif/core/flags';
import { repositoryFlags } from '../backup-run.ts';
import { BaseCommand, durationFlag } from '../base.ts';

const cron = (what: string) =>
  Flags.string({ description: `when to ${what}; not at all when not given`, helpValue: 'CRON' });

const secret = (what: string) =>
  Flags.string({ description: `Secret with ${what} alone`, helpValue: 'NAME' });

export default class BackupSchedule extends BaseCommand {
  static override summary = 'Print or apply a Kubernetes CronJob that makes backups.';
  static override description =
    'Prints a ConfigMap with deploycheck.yaml and CronJobs that run deploycheck from an image of yours, which has to hold deploycheck and a PostgreSQL client of the version of the server or newer (image/Dockerfile is a recipe). Addresses and keys come from a Secret of yours, as environment variables; the key that signs sets and the identity that opens them are files of other Secrets, each mounted in the one job that needs it. --apply shows the target, asks the API server in a dry run, and applies it once you agree. Exit 1: the API server refuses it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --image registry.example.com/deploycheck:1.0 --secret shop-backup > backup.yaml',
    '<%= config.bin %> <%= command.id %> --image registry.example.com/deploycheck:1.0 --secret shop-backup --cron "30 2 * * *" --time-zone Europe/Berlin --rehearse "0 5 * * 0" --freshness "0 * * * *" --prune "0 6 * * *"',
    '<%= config.bin %> <%= command.id %> --env production --image registry.example.com/deploycheck:1.0 --secret shop-backup --apply',
    '<%= config.bin %> <%= command.id %> --image registry.example.com/deploycheck:1.0 --secret shop-backup --sign-key-secret shop-backup-sign --rehearse "0 5 * * 0" --identity-secret shop-backup-identity',
  ];
  static override flags = {
    ...repositoryFlags,
    image: Flags.string({
      description: 'image that holds deploycheck and the PostgreSQL client',
      helpValue: 'REF',
      required: true,
    }),
    secret: Flags.string({
      description: 'Secret whose keys become environment variables',
      helpValue: 'NAME',
      required: true,
    }),
    name: Flags.string({
      description: 'name of the objects',
      default: 'deploycheck-backup',
    }),
    cron: Flags.string({
      description: 'when to back up: minute, hour, day, month, weekday',
      default: '30 2 * * *',
      helpValue: 'CRON',
    }),
    'time-zone': Flags.string({
      description: 'IANA name of the time zone of all these times',
      default: 'Etc/UTC',
      helpValue: 'ZONE',
    }),
    rehearse: cron('rehearse the newest set'),
    'rehearse-server': Flags.string({
      description: 'server to rehearse on, as env:NAME; the source’s own when not given',
      helpValue: 'DATABASE',
      dependsOn: ['rehearse'],
    }),
    freshness: cron('look at the age of the backups, in a job that fails when they are too old'),
    prune: cron('prune by repository.retention'),
    'sign-key-secret': secret('the SSH key that signs sets, as its key sign-key; for the backup'),
    'identity-secret': secret('the identity of age, as its key identity; for the rehearsal'),
    deadline: durationFlag({
      description: 'after which a job is ended',
      default: 6 * 3_600_000,
      defaultHelp: async () => '6h',
    }),
    'volume-claim': Flags.string({
      description: 'PersistentVolumeClaim with the repository, where that is a folder',
      helpValue: 'NAME',
    }),
    apply: Flags.boolean({ description: 'apply it to the cluster instead of printing it' }),
    yes: Flags.boolean({ char: 'y', description: 'do not ask', dependsOn: ['apply'] }),
    context: Flags.string({ description: 'context of the kubeconfig', helpValue: 'NAME' }),
    kubeconfig: Flags.string({ description: 'kubeconfig file', helpValue: 'FILE' }),
    namespace: Flags.string({ char: 'n', description: 'namespace of the objects' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(BackupSchedule);
    await this.conduct(flags, async (context) => {
      const { schedule } = await import('../scheduling.ts');
      return schedule(context, flags);
    });
  }
}
