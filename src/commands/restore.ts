import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { conductBackup, readingFlags, repositoryFlags } from './backup-run.ts';
import { BaseCommand, failOnFlag, reportFlags } from './base.ts';

export default class Restore extends BaseCommand {
  static override summary = 'Restore a backup set into a database or bucket that you name.';
  static override description =
    'The database is restored beside the target, compared with the set, and given its name in one step; what had the name is kept under another, which is printed. The source itself and a bucket that is not empty are refused.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> last --to env:ADMIN_DATABASE_URL --database shop_restored',
    '<%= config.bin %> <%= command.id %> last --to env:ADMIN_DATABASE_URL --database shop --replace --yes',
    '<%= config.bin %> <%= command.id %> last --identity ~/backup-key.txt --to env:ADMIN_DATABASE_URL --database shop_restored',
    '<%= config.bin %> <%= command.id %> last --bucket invoices=invoices-restored',
    '<%= config.bin %> <%= command.id %> last --to env:ADMIN_DATABASE_URL --database shop_orders --table public.orders',
    '<%= config.bin %> <%= command.id %> --rollback --to env:ADMIN_DATABASE_URL --database shop',
  ];
  static override args = {
    set: Args.string({ description: 'name of a set, or last; none with --rollback' }),
  };
  static override flags = {
    ...reportFlags,
    ...failOnFlag,
    ...repositoryFlags,
    ...readingFlags,
    to: Flags.string({
      description:
        'server to restore to, as env:NAME, file:PATH or service:NAME of any database of it',
      helpValue: 'DATABASE',
      dependsOn: ['database'],
    }),
    database: Flags.string({
      description: 'name of the restored database',
      helpValue: 'NAME',
      dependsOn: ['to'],
    }),
    bucket: Flags.string({
      description: 'bucket of the set and name of the restored one; repeatable',
      helpValue: 'NAME=NEW',
      multiple: true,
      multipleNonGreedy: true,
    }),
    table: Flags.string({
      description:
        'restore this table only, with its indexes, constraints, sequences, triggers, rights and what they need; as schema.name; repeatable',
      helpValue: 'SCHEMA.NAME',
      multiple: true,
      multipleNonGreedy: true,
      dependsOn: ['database'],
    }),
    schema: Flags.string({
      description: 'restore this schema only, with all that is in it; repeatable',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
      dependsOn: ['database'],
    }),
    replace: Flags.boolean({ description: 'put a database that is there aside' }),
    rollback: Flags.boolean({
      description:
        'undo a restore with --replace: give the database that it put aside its name back, and keep what was restored under another',
      dependsOn: ['to', 'database'],
      exclusive: ['bucket', 'table', 'schema'],
    }),
    kept: Flags.string({
      description: 'which database gets its name back, where several were put aside',
      helpValue: 'NAME',
      dependsOn: ['rollback'],
    }),
    yes: Flags.boolean({ char: 'y', description: 'do not ask' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Restore);
    await this.conduct(flags, async (context) => {
      if (flags.rollback) {
        const { rollBack } = await import('./restore-rollback.ts');
        return rollBack(context, flags, args.set);
      }
      const { restore, requireSet } = await import('./restoring.ts');
      const set = requireSet(args.set);
      return conductBackup(context, flags, (systems) => restore(context, flags, set, systems));
    });
  }
}
