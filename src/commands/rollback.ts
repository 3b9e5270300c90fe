import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { BaseCommand, durationFlag, reportFlags } from './base.ts';

export default class Rollback extends BaseCommand {
  static override summary = 'Say whether the release can come back, and bring it back.';
  static override description =
    'With --dry-run nothing is written: one page with verdict, commands in order, point of no return, what is lost and how long it takes. Without, the same plan is carried out after a person agreed, or --yes named the digest of a dry run of the last 10 minutes. Exit 0 it can go (or is) back, 1 it cannot, 3 not proven, 4 the plan agreed to is stale.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run deploy/api -n shop',
    '<%= config.bin %> <%= command.id %> --dry-run --env production   # every workload of deploycheck.yaml',
    '<%= config.bin %> <%= command.id %> deploy/api -n shop --yes sha256:…',
  ];
  static override strict = false;
  static override args = {
    workload: Args.string({
      description: 'deploy/NAME, sts/NAME or ds/NAME; those of deploycheck.yaml when not given',
    }),
  };
  static override flags = {
    ...reportFlags,
    'dry-run': Flags.boolean({ description: 'plan only; nothing is written' }),
    yes: Flags.string({
      description: 'agree to the plan of this digest, which a fresh dry run printed',
      helpValue: 'DIGEST',
    }),
    'to-revision': Flags.integer({ description: 'revision to go back to', min: 1 }),
    'keep-schema': Flags.boolean({
      description: 'leave migrations in place; the old code runs on them',
    }),
    'delete-stuck': Flags.boolean({ description: 'delete the pods that hold a StatefulSet up' }),
    migrations: Flags.string({
      description: 'folder of the running release’s migrations, or none',
      helpValue: 'DIR',
    }),
    from: Flags.string({
      description: 'folder or git ref with the migrations of the release to go back to',
      helpValue: 'DIR|REF',
    }),
    settle: durationFlag({ description: 'how long all must stay well; 10s when not given' }),
    env: Flags.string({ description: 'environment of deploycheck.yaml', helpValue: 'NAME' }),
    context: Flags.string({ description: 'context of the kubeconfig', helpValue: 'NAME' }),
    kubeconfig: Flags.string({ description: 'kubeconfig file', helpValue: 'FILE' }),
    namespace: Flags.string({ char: 'n', description: 'namespace of the workloads' }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Rollback);
    await this.conduct(flags, async (context) => {
      const { rollBack } = await import('./rolling-back.ts');
      return rollBack(context, { ...flags, workloads: argv.map(String) });
    });
  }
}
